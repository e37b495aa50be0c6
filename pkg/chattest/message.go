package chattest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"wsworkshop/pkg/testclient"
)

// Message is what a client got. Fields that a message does not have are zero.
type Message struct {
	Type      string
	Data      json.RawMessage
	ID        string `json:"message_id"`
	SessionID string `json:"session_id"`
	From      string
	Code      string
}

// Parse takes a message apart. A message that is not a JSON object in a text message has no type,
// and no more has an event with a name: a page hears only those without.
func Parse(m testclient.Message) Message {
	var got Message
	if m.Kind == testclient.Text && m.Event == "" {
		_ = json.Unmarshal(m.Data, &got) // of what is broken, the rest is compared
	}
	return got
}

// IsType matches messages of one of these types.
func IsType(types ...string) func(testclient.Message) bool {
	return func(m testclient.Message) bool { return slices.Contains(types, Parse(m).Type) }
}

// Text returns the data of talk and of notices. Other data is no text, which is "".
func (m Message) Text() string {
	var text string
	_ = json.Unmarshal(m.Data, &text)
	return text
}

// String writes the message as [Client.Hear] expects it: "message hello", "system bob left",
// "error invalid_json", "heartbeat".
func (m Message) String() string {
	return strings.TrimSpace(m.Type + " " + m.Text() + m.Code)
}

// describe writes a line of Hear as it goes over the wire.
func describe(line string) string {
	kind, text, _ := strings.Cut(line, " ")
	if kind == "error" {
		return fmt.Sprintf(`{"type":"error","code":%q}`, text)
	}
	if len(text) > 60 {
		return fmt.Sprintf(`{"type":%q,"data":"%.20s… (%d bytes)"}`, kind, text, len(text))
	}
	return fmt.Sprintf(`{"type":%q,"data":%q}`, kind, text)
}
