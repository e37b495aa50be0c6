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
	// TODO(12.7): m.window knows.
	return Rates{} // placeholder
}

// FailuresLately counts the failures of the last minute.
func (m *Metrics) FailuresLately() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	// TODO(12.9): m.window knows.
	return 0 // placeholder
}
