// Package wire is what passes between server and clients. Both import it; it knows neither.
package wire

import (
	"encoding/json"
	"time"
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

	SessionID string `json:"session_id,omitempty"` // in a welcome

	Code Code `json:"code,omitempty"` // in an error
}
