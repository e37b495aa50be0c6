// Package metrics keeps what can be told about a running server: instruments that Prometheus reads,
// rates and percentiles of the last minutes, and what has happened lately. It knows nothing of rooms
// or sockets: the server tells it what happens, in one call for each event.
package metrics

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics is what one server tells about itself. It is safe for concurrent use, and nothing that it
// does waits for long, so that it may be told of events under a lock.
type Metrics struct {
	Started time.Time

	instruments
	gauges []prometheus.Collector

	mu     sync.Mutex // guards what follows
	total  tally      // since the beginning
	window window
	trips  roundTrips
	errors recent[Failure]
	events recent[Event]
}

// New returns a Metrics that has counted nothing. Of failures and of events it keeps the latest size,
// each for as long as keepFor; zero means without such a limit in time.
func New(size int, keepFor time.Duration) *Metrics {
	m := &Metrics{
		Started:     time.Now(),
		instruments: newInstruments(),
		errors:      recent[Failure]{size: size, keepFor: keepFor},
		events:      recent[Event]{size: size, keepFor: keepFor},
	}
	m.begin()
	return m
}

// Gauge adds a number that is read when Prometheus asks. It must be called before Handler. read is
// called by many goroutines at once.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.gauges = append(m.gauges, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Handler answers GET /metrics, in the format that Prometheus reads. It is made once.
func (m *Metrics) Handler() http.Handler {
	return exposed(append(m.all(), m.gauges...))
}
