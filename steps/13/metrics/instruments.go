package metrics

import "github.com/prometheus/client_golang/prometheus"

// instruments are what Prometheus reads. The names follow its conventions: a prefix for the program,
// base units, _total for what only grows. A label has few values, which this program chooses: each
// new value is a time series that Prometheus keeps for weeks.
type instruments struct {
	connections *prometheus.GaugeVec     // transport
	opened      *prometheus.CounterVec   // transport
	closed      *prometheus.CounterVec   // code
	lasted      prometheus.Histogram     // seconds
	resumed     prometheus.Counter       //
	refused     *prometheus.CounterVec   // status
	received    *prometheus.CounterVec   // type
	sizes       prometheus.Histogram     // bytes
	sent        prometheus.Counter       //
	failed      *prometheus.CounterVec   // kind
	broadcasts  prometheus.Histogram     // seconds
	tripTimes   prometheus.Histogram     // seconds
	requests    *prometheus.HistogramVec // seconds; route, status
}

func newInstruments() instruments {
	return instruments{
		connections: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "chat_connections", Help: "Connections that are open."}, []string{"transport"}),
		opened: counters("chat_connections_opened_total", "Connections that have opened.", "transport"),
		closed: counters("chat_connections_closed_total", "Connections that have ended, by close code.", "code"),
		lasted: histogram("chat_connection_duration_seconds", "How long connections have lasted.", durations()),
		resumed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chat_reconnects_total", Help: "Connections that have continued a session."}),
		refused:  counters("chat_refusals_total", "Requests of clients that were refused, by HTTP status.", "status"),
		received: counters("chat_messages_received_total", "Messages that have come from clients, by type.", "type"),
		sizes:    histogram("chat_message_size_bytes", "Sizes of the messages that have come from clients.", sizes()),
		sent: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "chat_messages_sent_total", Help: "Messages that were written to clients."}),
		failed:     counters("chat_errors_total", "Errors, by kind. A client's fault is of the kind client.", "kind"),
		broadcasts: histogram("chat_broadcast_duration_seconds", "How long it took to queue a message for all who get it.", short()),
		tripTimes:  histogram("chat_round_trip_seconds", "Times from a heartbeat to its answer.", trips()),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "chat_http_request_duration_seconds", Help: "How long requests took that are no connections.",
			Buckets: prometheus.DefBuckets}, []string{"route", "status"}),
	}
}

// all are the instruments, to be registered.
func (i instruments) all() []prometheus.Collector {
	return []prometheus.Collector{i.connections, i.opened, i.closed, i.lasted, i.resumed, i.refused, i.received,
		i.sizes, i.sent, i.failed, i.broadcasts, i.tripTimes, i.requests}
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
}
