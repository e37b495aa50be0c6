package chat

import "wsworkshop/steps/13/wire"

// What passes over the wire has a package of its own since step 07, so that a client needs
// nothing of the server. Here are its names from before.
type (
	Message = wire.Message
	Type    = wire.Type
	Code    = wire.Code

	CloseCode = wire.CloseCode
)

// The types of messages.
const (
	TypeWelcome      = wire.TypeWelcome
	TypeMessage      = wire.TypeMessage
	TypeBroadcast    = wire.TypeBroadcast
	TypeDirect       = wire.TypeDirect
	TypeSystem       = wire.TypeSystem
	TypeError        = wire.TypeError
	TypeHeartbeat    = wire.TypeHeartbeat
	TypeHeartbeatAck = wire.TypeHeartbeatAck
	TypeReconnect    = wire.TypeReconnect
	TypeAuth         = wire.TypeAuth
)

// The codes of error messages.
const (
	CodeInvalidJSON  = wire.CodeInvalidJSON
	CodeTooDeep      = wire.CodeTooDeep
	CodeUnknownType  = wire.CodeUnknownType
	CodeUnknownField = wire.CodeUnknownField
	CodeMissingField = wire.CodeMissingField
	CodeInvalidField = wire.CodeInvalidField
	CodeNoSuchClient = wire.CodeNoSuchClient
	CodeRateLimited  = wire.CodeRateLimited
	CodeInternal     = wire.CodeInternal
	CodeUnavailable  = wire.CodeUnavailable
	CodeForbidden    = wire.CodeForbidden
)
