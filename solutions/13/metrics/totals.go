package metrics

// Totals count what has happened since the start.
type Totals struct {
	Connections      int64  `json:"connections"` // that have opened
	Disconnections   int64  `json:"disconnections"`
	Reconnections    int64  `json:"reconnections"` // connections that have continued a session
	Refusals         int64  `json:"refusals"`
	MessagesReceived int64  `json:"messages_received"`
	MessagesSent     int64  `json:"messages_sent"`
	Errors           Errors `json:"errors"`
}

// Errors count errors by kind.
type Errors struct {
	Client      int64 `json:"client"`
	Unavailable int64 `json:"unavailable"`
	Internal    int64 `json:"internal"`
}

// Totals returns what has happened so far.
func (m *Metrics) Totals() Totals {
	m.mu.Lock()
	defer m.mu.Unlock()
	// task 12.6: Each number is in m.total.
	t := m.total
	return Totals{
		Connections:      t[connects],
		Disconnections:   t[disconnects],
		Reconnections:    t[reconnects],
		Refusals:         t[refusals],
		MessagesReceived: t[messagesIn],
		MessagesSent:     t[messagesOut],
		Errors:           Errors{t[errorsOfClients], t[errorsUnavailable], t[errorsInternal]},
	}
	// end task 12.6
}

// Connections returns how many are open.
func (m *Metrics) Connections() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.open()
}

// open is Connections for who holds m.mu.
func (m *Metrics) open() int { return int(m.total[connects] - m.total[disconnects]) }
