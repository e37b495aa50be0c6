package chat

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Message is what passes between server and clients: one JSON object in one WebSocket text
// message. Fields that do not apply are left out.
type Message struct {
	Type Type `json:"type"`

	// Data is a JSON string in talk and notices, an object where the type says so.
	Data json.RawMessage `json:"data,omitempty"`

	// ID is unique. The server gives it; an answer carries the id that its client gave.
	ID string `json:"message_id,omitempty"`

	// Timestamp is when the server took the message, in UTC.
	Timestamp time.Time `json:"timestamp,omitzero"`

	From   string `json:"from,omitempty"`    // client id of the sender
	To     string `json:"to,omitempty"`      // client id of a direct message's recipient
	RoomID string `json:"room_id,omitempty"` // the room of the connection that sent it

	Code Code `json:"code,omitempty"` // in an error
}

// welcome is the data of a TypeWelcome.
type welcome struct {
	ClientID string `json:"client_id"`
	RoomID   string `json:"room_id"`
}

// complaint is the data of a TypeError.
type complaint struct {
	Message string `json:"message"`
}

// envelope is a message that is ready to go: encoded once, and shared by all who get it. Nobody
// changes it.
type envelope struct {
	id   string
	data []byte
	ping bool // a protocol ping goes with it
}

// seal gives a message its time, an id unless it has one, and its JSON.
func seal(m Message) *envelope {
	// task 4.3: Give m a fresh id (uuid.NewString) unless it has one, and the time in UTC.
	if m.ID == "" {
		m.ID = uuid.NewString()
	}
	m.Timestamp = time.Now().UTC()
	// end task 4.3
	return &envelope{id: m.ID, data: encode(m)}
}

// encode is json.Marshal for what cannot fail.
func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a Message of ours without a type: a bug
	}
	return data
}
