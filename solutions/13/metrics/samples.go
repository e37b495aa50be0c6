package metrics

// Sample is one second, as a dashboard draws it.
type Sample struct {
	At          int64    `json:"at"`            // Unix time, in seconds
	Connections int      `json:"connections"`   // at its end
	Messages    int64    `json:"messages"`      // from clients
	Errors      int64    `json:"errors"`        // whosever fault
	RoundTrip   *float64 `json:"round_trip_ms"` // the slowest; null: there was none
}

// Samples returns the seconds from first on that are over, the oldest first, at most 15 minutes, and
// which second is the next.
func (m *Metrics) Samples(first int64) (samples []Sample, next int64) {
	// task 12.10: How many connections there were follows from how many there are, and from m.window.
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	first = max(first, now-kept, 0)
	samples = make([]Sample, max(0, now-first))
	open := m.open()
	for second := now; second >= first; second-- {
		s := m.window.of(second)
		if second < now {
			samples[second-first] = m.sample(s, open)
		}
		open += int(s.tally[disconnects] - s.tally[connects])
	}
	return samples, max(first, now)
	// end task 12.10
}

// sample is what a slot tells, of a second at whose end so many connections were open.
func (m *Metrics) sample(s slot, open int) Sample {
	// task 12.10: Slots count seconds from m.Started.
	sample := Sample{
		At:          m.Started.Unix() + s.second,
		Connections: open,
		Messages:    s.tally[messagesIn],
		Errors:      s.tally.errors(),
	}
	if s.slowest > 0 {
		ms := milliseconds(s.slowest)
		sample.RoundTrip = &ms
	}
	return sample
	// end task 12.10
}
