package testclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Kind is what a message is.
type Kind byte

// The kinds of messages. Pings and pongs are frames, here they are messages as well.
const (
	Text   = Kind(OpText)
	Binary = Kind(OpBinary)
	Ping   = Kind(OpPing)
	Pong   = Kind(OpPong)
)

// String returns "text", "binary", "ping" or "pong".
func (k Kind) String() string {
	switch k {
	case Text:
		return "text"
	case Binary:
		return "binary"
	case Ping:
		return "ping"
	case Pong:
		return "pong"
	}
	return fmt.Sprintf("opcode %#x", byte(k))
}

// Message is what a client got.
type Message struct {
	Kind   Kind
	Data   []byte
	At     time.Duration // when it arrived, since the test began
	Frames int           // how many frames it came in; 1 for an event

	Event   string // the name of an event; "" without one, and for "message", which is the same
	EventID string // the stream's last event id

	owner *Client // set once the test has it: then JSON fails the test
	event *event  // its line in the timeline
	coded bool    // by an extension that testclient does not speak
}

// Text returns the data as a string, whatever the kind.
func (m Message) Text() string { return string(m.Data) }

// JSON decodes a text message into v. In a match function it returns an error where it
// cannot; for a message that an expectation has returned it fails the test instead, so
// that the error need not be looked at.
func (m Message) JSON(v any) error {
	err := m.decode(v)
	if err != nil && m.owner != nil {
		m.owner.w.fatalAt(focus{mark: m.event, who: m.owner.name}, "%s got %s: %v", m.owner.name, m, err)
	}
	return err
}

func (m Message) decode(v any) error {
	if m.Kind != Text {
		return fmt.Errorf("a %s message, JSON goes as text", m.Kind)
	}
	dec := json.NewDecoder(bytes.NewReader(m.Data))
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("not the JSON that is expected: %w", err)
	}
	var more json.RawMessage
	switch err := dec.Decode(&more); {
	case err == nil:
		return errors.New("two JSON documents in one message; each needs a message of its own.\n" +
			"Writing all that is queued to one NextWriter does this")
	case !errors.Is(err, io.EOF):
		return errors.New("something follows the JSON document in the same message")
	}
	return nil
}

// String shows the message as the timeline does.
func (m Message) String() string {
	text := glimpseOf(m.Kind, m.Data).String()
	if m.Event != "" {
		return m.label() + text
	}
	return text
}
