package metrics

import (
	"strconv"
	"time"

	"wsworkshop/solutions/13/wire"
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
	// task 12.2: Each connection counts.
	m.connections.WithLabelValues(transport).Inc()
	m.opened.WithLabelValues(transport).Inc()
	m.count(connects)
	if resumed {
		m.resumed.Inc()
		m.count(reconnects)
	}
	// end task 12.2
	// task 12.8: It is an event.
	event := Connected
	if resumed {
		event = Reconnected
	}
	m.keep(Event{Event: event, ClientID: clientID, RoomID: roomID})
	// end task 12.8
}

// Closed notes that a connection has ended that Opened was told of.
func (m *Metrics) Closed(transport, clientID, roomID string, code wire.CloseCode, lasted time.Duration) {
	// task 12.2: Each end counts.
	m.connections.WithLabelValues(transport).Dec()
	m.closed.WithLabelValues(codeLabel(code)).Inc()
	m.lasted.Observe(lasted.Seconds())
	m.count(disconnects)
	// end task 12.2
	// task 12.8: It is an event.
	m.keep(Event{Event: Disconnected, ClientID: clientID, RoomID: roomID, Code: int(code)})
	// end task 12.8
}

// codeLabel is a close code as a label.
func codeLabel(code wire.CloseCode) string {
	// task 12.2: See IsNamed.
	if !code.IsNamed() {
		return "other"
	}
	return strconv.Itoa(int(code))
	// end task 12.2
}

// Refused notes that a request of a client was refused with an HTTP status.
func (m *Metrics) Refused(status int, clientID, roomID string) {
	// task 12.2: Each refusal counts.
	m.refused.WithLabelValues(strconv.Itoa(status)).Inc()
	m.count(refusals)
	// end task 12.2
	// task 12.8: It is an event.
	m.keep(Event{Event: Refused, ClientID: clientID, RoomID: roomID, Code: status})
	// end task 12.8
}

// Received notes a message from a client, with the type and the size that it has.
func (m *Metrics) Received(kind wire.Type, size int) {
	// task 12.3: Each message counts.
	label := "invalid"
	if kind != 0 {
		label = kind.String()
	}
	m.received.WithLabelValues(label).Inc()
	m.sizes.Observe(float64(size))
	m.count(messagesIn)
	// end task 12.3
}

// Sent notes that a message was written to a client.
func (m *Metrics) Sent() {
	// task 12.3: It counts.
	m.sent.Inc()
	m.count(messagesOut)
	// end task 12.3
}

// Broadcast notes how long it took to queue a message for all who get it.
func (m *Metrics) Broadcast(took time.Duration) {
	// task 12.3: Observe it.
	m.broadcasts.Observe(took.Seconds())
	// end task 12.3
}

// RoundTrip notes how long a client took to answer.
func (m *Metrics) RoundTrip(took time.Duration) {
	// task 12.4: Observe it, keep it for the percentiles, and tell m.window.
	m.tripTimes.Observe(took.Seconds())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trips.add(took)
	m.window.slow(m.now(), took)
	// end task 12.4
}
