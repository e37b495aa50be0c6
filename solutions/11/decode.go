package chat

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
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
	// task 4.2: Take the fields apart with fieldsOf. Put message_id, type, data and to into a
	// Message, with typeOf and textOf, and nothing else: the rest is not the client's to say.
	// Begin with message_id, if it is given: it is for the answer to an error, too. data may
	// have any length (most is len(raw)), and to is for a TypeDirect alone.
	var m Message
	fields, err := fieldsOf(raw)
	if isGiven(fields, "message_id") {
		var bad error
		m.ID, bad = idOf(fields, "message_id")
		err = cmp.Or(err, bad)
	}
	if err != nil {
		return m, err
	}
	kind, err := typeOf(fields)
	if err != nil {
		return m, err
	}
	if kind == TypeHeartbeat || kind == TypeHeartbeatAck {
		m.Type = kind
		return m, nil
	}
	text, err := textOf(fields, "data", len(raw))
	if err != nil {
		return m, err
	}
	if kind == TypeDirect {
		if m.To, err = idOf(fields, "to"); err != nil {
			return m, err
		}
	}
	m.Type, m.Data = kind, encode(text)
	return m, nil
	// end task 4.2
}

// fieldsOf takes the one JSON object apart that raw must be. With CodeUnknownField it returns
// the fields too: the answer needs the message id that is among them.
func fieldsOf(raw []byte) (map[string]json.RawMessage, error) {
	var fields map[string]json.RawMessage
	// task 4.7: Refuse what is nested deeper than maxDepth (CodeTooDeep), what is not one
	// JSON object and nothing after it (CodeInvalidJSON), and keys that are not exactly
	// among fieldNames (CodeUnknownField). A map keeps keys apart that differ in case; a
	// struct does not.
	if depth(raw) > maxDepth {
		return nil, &problem{code: CodeTooDeep, sentence: fmt.Sprintf("objects and arrays may be nested %d deep", maxDepth)}
	}
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil { // null makes no map
		return nil, &problem{code: CodeInvalidJSON, sentence: "a message is one JSON object"}
	}
	for name := range fields {
		if !slices.Contains(fieldNames, name) {
			return fields, &problem{code: CodeUnknownField, sentence: fmt.Sprintf("a message has no field %.64q", name)}
		}
	}
	// end task 4.7
	return fields, nil
}

// typeOf returns the type of a message that a client sent.
func typeOf(fields map[string]json.RawMessage) (Type, error) {
	var kind Type
	name, err := textOf(fields, "type", maxID)
	if err != nil {
		return kind, err
	}
	if err := kind.UnmarshalText([]byte(name)); err != nil || !kind.FromClients() {
		return kind, &problem{code: CodeUnknownType, sentence: fmt.Sprintf("clients do not send messages of the type %.64q", name)}
	}
	return kind, nil
}

// textOf returns a field that must be there and be a JSON string of 1 to most bytes.
func textOf(fields map[string]json.RawMessage, name string, most int) (string, error) {
	var text string
	// task 4.7: Refuse a field that is missing or null (CodeMissingField), and one that is no
	// string, empty or longer than most (CodeInvalidField).
	if !isGiven(fields, name) {
		return "", &problem{code: CodeMissingField, sentence: name + " is missing"}
	}
	if err := json.Unmarshal(fields[name], &text); err != nil || text == "" || len(text) > most {
		return "", &problem{code: CodeInvalidField, sentence: name + " is a text, neither empty nor too long"}
	}
	// end task 4.7
	return text, nil
}

// idOf is textOf for an id, which stands in logs and on the screens of others.
func idOf(fields map[string]json.RawMessage, name string) (string, error) {
	id, err := textOf(fields, name, maxID)
	// task 11.11: Refuse what nobody can see, and what turns the text around it about (CodeInvalidField).
	if strings.ContainsFunc(id, isHidden) {
		return "", &problem{code: CodeInvalidField, sentence: name + " has characters that nobody can see"}
	}
	// end task 11.11
	return id, err
}

// isHidden tells whether a character is a control character, or a formatting one, such as the
// bidirectional overrides (Unicode, UAX 9, section 2).
func isHidden(r rune) bool {
	// task 11.11: Some characters are for machines, and some for the layout of text.
	//- return false // placeholder
	return unicode.In(r, unicode.Cc, unicode.Cf)
	// end task 11.11
}

// isGiven tells whether a field is there and not null.
func isGiven(fields map[string]json.RawMessage, name string) bool {
	value, there := fields[name]
	return there && string(value) != "null"
}

// depth returns how many objects and arrays lie in one another at most. It counts brackets
// outside of strings, so that it needs no stack of its own, whatever raw is.
func depth(raw []byte) int {
	// task 4.7: Count up at { and [, down at } and ], and pass over strings with their escapes.
	var deepest, now int
	inString := false
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case inString && b == '\\':
			i++ // whatever is escaped does not end the string
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			now++
			deepest = max(deepest, now)
		case b == '}' || b == ']':
			now--
		}
	}
	return deepest
	// end task 4.7
}
