package metrics

// counted is a kind of event that totals and rates count.
type counted int

const (
	connects counted = iota
	disconnects
	reconnects
	refusals
	messagesIn
	messagesOut
	errorsOfClients
	errorsUnavailable
	errorsInternal
	kindsOfCounted // how many there are
)

// tally is how often each has happened.
type tally [kindsOfCounted]int64

// plus adds other.
func (t *tally) plus(other tally) {
	for i, n := range other {
		t[i] += n
	}
}

// errors counts all errors, whosever fault they are.
func (t tally) errors() int64 { return t[errorsOfClients] + t.failures() }

// failures counts those that are no client's fault.
func (t tally) failures() int64 { return t[errorsUnavailable] + t[errorsInternal] }

// count notes that something has happened now.
func (m *Metrics) count(what counted) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total[what]++
	m.window.count(m.now(), what)
}
