package wire

// Code names a kind of refusal. Programs go by it: it does not change, while the sentence
// beside it may.
type Code string

// The codes of error messages. What a client may do about each is in LEARNING_PLAN.md,
// "Error codes".
const (
	CodeInvalidJSON  Code = "invalid_json"
	CodeTooDeep      Code = "too_deep"
	CodeUnknownType  Code = "unknown_type"
	CodeUnknownField Code = "unknown_field"
	CodeMissingField Code = "missing_field"
	CodeInvalidField Code = "invalid_field"
	CodeNoSuchClient Code = "no_such_client"
	CodeRateLimited  Code = "rate_limited"
	CodeInternal     Code = "internal"
	CodeUnavailable  Code = "unavailable"
	CodeForbidden    Code = "forbidden"
)
