package metrics

// Rates are how often things happened lately, in events for each minute.
type Rates struct {
	Connects    float64 `json:"connects"`
	Disconnects float64 `json:"disconnects"`
	Messages    float64 `json:"messages"` // from clients
	Errors      float64 `json:"errors"`   // whosever fault
}

// Rates returns those of the last so many minutes, at most 15.
func (m *Metrics) Rates(minutes int64) Rates {
	m.mu.Lock()
	defer m.mu.Unlock()
	// task 12.7: m.window knows.
	t := m.window.last(minutes*60, m.now())
	each := func(n int64) float64 { return float64(n) / float64(minutes) }
	return Rates{each(t[connects]), each(t[disconnects]), each(t[messagesIn]), each(t.errors())}
	// end task 12.7
}

// FailuresLately counts the failures of the last minute.
func (m *Metrics) FailuresLately() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	// task 12.9: m.window knows.
	return int(m.window.last(60, m.now()).failures())
	// end task 12.9
}
