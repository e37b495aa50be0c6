package metrics

import (
	"strings"
	"time"
)

// Failure is an error as an operator sees it.
type Failure struct {
	At        time.Time `json:"at"`
	Kind      string    `json:"kind"`
	ClientID  string    `json:"client_id,omitempty"`
	RoomID    string    `json:"room_id,omitempty"`
	MessageID string    `json:"message_id,omitempty"`
	Cause     string    `json:"cause"`
}

// Kinds of errors.
const (
	ofClient    = "client"
	unavailable = "unavailable"
)

// Failed notes an error.
func (m *Metrics) Failed(f Failure) {
	// task 12.3: It counts, by its kind.
	m.failed.WithLabelValues(f.Kind).Inc()
	m.count(f.counted())
	// end task 12.3
	// task 12.8: A failure is for m.errors.
	if f.Kind == ofClient {
		return
	}
	f.At, f.Cause = time.Now().UTC(), cut(f.Cause, 500)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.errors.add(f)
	// end task 12.8
}

func (f Failure) counted() counted {
	switch f.Kind {
	case ofClient:
		return errorsOfClients
	case unavailable:
		return errorsUnavailable
	}
	return errorsInternal
}

// keep keeps an event.
func (m *Metrics) keep(e Event) {
	// task 12.8: It is for m.events.
	e.At = time.Now().UTC()
	e.ClientID, e.RoomID = cut(e.ClientID, 64), cut(e.RoomID, 64)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events.add(e)
	// end task 12.8
}

// RecentErrors returns the latest failures, the newest first.
func (m *Metrics) RecentErrors() []Failure {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.errors.list()
}

// RecentEvents returns what has happened to connections lately, the newest first.
func (m *Metrics) RecentEvents() []Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.events.list()
}

// cut returns text, or as much of its beginning as most bytes can hold.
func cut(text string, most int) string {
	// task 12.8: Half a character is no text.
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
	// end task 12.8
}
