package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// exposed returns a handler that tells the values of these collectors, and what Go's runtime and the
// operating system tell about the process.
func exposed(all []prometheus.Collector) http.Handler {
	// task 12.1: There may be several servers in a process.
	registry := prometheus.NewRegistry()
	registry.MustRegister(all...)
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{CoalesceGather: true})
	// end task 12.1
}

// begin has the counters that alerts look at begin at 0.
func (m *Metrics) begin() {
	// task 12.1: A counter that appears with its first event hides that event: nothing has increased.
	for _, transport := range []string{"websocket", "events"} {
		m.connections.WithLabelValues(transport)
		m.opened.WithLabelValues(transport)
	}
	for _, kind := range []string{"client", "unavailable", "internal"} {
		m.failed.WithLabelValues(kind)
	}
	// end task 12.1
}
