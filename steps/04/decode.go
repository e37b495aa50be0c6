package chat

import (
	"encoding/json"
	"fmt"
)

const (
	maxDepth = 8  // of objects and arrays in one another, the message itself being the first
	maxID    = 64 // bytes of the message id that a client gives
)

// fieldNames are the keys that a message may have.
var fieldNames = []string{"type", "data", "message_id", "timestamp", "from", "to", "room_id", "session_id", "code"}

// decode makes a Message of what a client sent, or tells why that cannot be. The result can
// be trusted: its type is one that clients may send, it has the fields which that type
// needs, and nothing that a client may claim but not decide, such as from or timestamp.
//
// With an error the Message has at most its ID, for the answer. The error is a *problem.
func decode(raw []byte) (Message, error) {
	// TODO(4.2): Take the fields apart with fieldsOf. Put message_id, type, data and to into a
	// Message, with typeOf and textOf, and nothing else: the rest is not the client's to say.
	// Begin with message_id, if it is given: it is for the answer to an error, too. data may
	// have any length (most is len(raw)), and to is for a TypeDirect alone.
	return Message{}, nil
}

// fieldsOf takes the one JSON object apart that raw must be. With CodeUnknownField it returns
// the fields too: the answer needs the message id that is among them.
func fieldsOf(raw []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	// TODO(4.7): Refuse what is nested deeper than maxDepth (CodeTooDeep), what is not one
	// JSON object and nothing after it (CodeInvalidJSON), and keys that are not exactly
	// among fieldNames (CodeUnknownField). A map keeps keys apart that differ in case; a
	// struct does not.
	json.Unmarshal(raw, &fields)
	return fields, nil
}

// typeOf returns the type of a message that a client sent.
func typeOf(fields map[string]json.RawMessage) (Type, error) {
	var kind Type
	name, err := textOf(fields, "type", maxID)
	if err != nil {
		return kind, err
	}
	if err := kind.UnmarshalText([]byte(name)); err != nil || !kind.fromClients() {
		return kind, &problem{code: CodeUnknownType, sentence: fmt.Sprintf("clients do not send messages of the type %.64q", name)}
	}
	return kind, nil
}

// textOf returns a field that must be there and be a JSON string of 1 to most bytes.
func textOf(fields map[string]json.RawMessage, name string, most int) (string, error) {
	var text string
	// TODO(4.7): Refuse a field that is missing or null (CodeMissingField), and one that is no
	// string, empty or longer than most (CodeInvalidField).
	json.Unmarshal(fields[name], &text)
	return text, nil
}

// isGiven tells whether a field is there and not null.
func isGiven(fields map[string]json.RawMessage, name string) bool {
	value, there := fields[name]
	return there && string(value) != "null"
}

// depth returns how many objects and arrays lie in one another at most. It counts brackets
// outside of strings, so that it needs no stack of its own, whatever raw is.
func depth(raw []byte) int {
	// TODO(4.7): Count up at { and [, down at } and ], and pass over strings with their escapes.
	return 0
}
