package metrics

import (
	"strconv"
	"time"

	"wsworkshop/steps/12/wire"
)

// Event is something that has happened to a connection.
type Event struct {
	At       time.Time `json:"at"`
	Event    string    `json:"event"` // one of those below
	ClientID string    `json:"client_id"`
	RoomID   string    `json:"room_id"`
	Code     int       `json:"code,omitempty"` // of a disconnect the close code, of a refusal the HTTP status
}

// What an Event may be.
const (
	Connected    = "connected"
	Reconnected  = "reconnected"
	Disconnected = "disconnected"
	Refused      = "refused"
)

// Opened notes that a connection has opened, and whether it continues a session.
func (m *Metrics) Opened(transport, clientID, roomID string, resumed bool) {
	// TODO(12.2): Each connection counts.
	// TODO(12.8): It is an event.
}

// Closed notes that a connection has ended that Opened was told of.
func (m *Metrics) Closed(transport, clientID, roomID string, code wire.CloseCode, lasted time.Duration) {
	// TODO(12.2): Each end counts.
	// TODO(12.8): It is an event.
}

// codeLabel is a close code as a label.
func codeLabel(code wire.CloseCode) string {
	// TODO(12.2): See IsNamed.
	return strconv.Itoa(int(code)) // placeholder
}

// Refused notes that a request of a client was refused with an HTTP status.
func (m *Metrics) Refused(status int, clientID, roomID string) {
	// TODO(12.2): Each refusal counts.
	// TODO(12.8): It is an event.
}

// Received notes a message from a client, with the type and the size that it has.
func (m *Metrics) Received(kind wire.Type, size int) {
	// TODO(12.3): Each message counts.
}

// Sent notes that a message was written to a client.
func (m *Metrics) Sent() {
	// TODO(12.3): It counts.
}

// Broadcast notes how long it took to queue a message for all who get it.
func (m *Metrics) Broadcast(took time.Duration) {
	// TODO(12.3): Observe it.
}

// RoundTrip notes how long a client took to answer.
func (m *Metrics) RoundTrip(took time.Duration) {
	// TODO(12.4): Observe it, keep it for the percentiles, and tell m.window.
}
