package chat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// server is a server under test: clients join it, operators ask admin, and chat is what Go code may ask.
type server struct {
	*chattest.Server
	w     *testclient.World
	chat  *chat.Server
	admin *testclient.Server
}

// run is a test in virtual time with a fresh server.
func run(t *testing.T, cfg chat.Config, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg)) })
}

// start makes a server and its address for operators.
func start(w *testclient.World, cfg chat.Config) *server {
	return startWith(w, cfg, func(h http.Handler) http.Handler { return h })
}

// startWith is start with something around the server, such as a middleware.
func startWith(w *testclient.World, cfg chat.Config, wrap func(http.Handler) http.Handler) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack", "reconnect", "auth")
	if cfg.Logger == nil {
		cfg.Logger = w.Logger()
	}
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	s := &server{Server: chattest.Serve(w, wrap(c), cfg), w: w, chat: c}
	s.admin = w.Serve(c.Admin())
	s.Cleanup("Close", func() { c.Close() })
	return s
}

// get asks a server, and fails unless the answer has a status.
func get(w *testclient.World, from *testclient.Server, want int, path, why string) *testclient.Response {
	w.Helper()
	resp := from.Get(path)
	if resp.Status != want {
		w.Fatalf("GET %s was answered %d, want %d: %s", path, resp.Status, want, why)
	}
	return resp
}

// families are the metrics that the server tells now, by name.
type families struct {
	w   *testclient.World
	all map[string]*dto.MetricFamily
}

// metrics asks for /metrics. Before it does, the second passes in which an effect must come.
func (s *server) metrics() families {
	s.w.Helper()
	s.w.Sleep(time.Second)
	resp := get(s.w, s.admin, 200, "/metrics", "Prometheus reads it")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	all, err := parser.TextToMetricFamilies(bytes.NewReader(resp.Body))
	if err != nil {
		s.w.Fatalf("GET /metrics was answered with something that Prometheus cannot read: %v", err)
	}
	return families{s.w, all}
}

// find returns the series of a metric with these labels, nil if there is none.
func (f families) find(name string, labels []string) *dto.Metric {
	for _, m := range f.all[name].GetMetric() {
		if slices.Equal(labelsOf(m), labels) {
			return m
		}
	}
	return nil
}

// labelsOf writes labels as code=1000, sorted.
func labelsOf(m *dto.Metric) []string {
	var list []string
	for _, l := range m.GetLabel() {
		list = append(list, l.GetName()+"="+l.GetValue())
	}
	slices.Sort(list)
	return list
}

// series writes a metric as Prometheus does.
func series(name string, labels []string) string {
	if len(labels) == 0 {
		return name
	}
	return fmt.Sprintf("%s{%s}", name, strings.Join(labels, ","))
}

// value returns the value of a counter or gauge, or how many observations a histogram has. What is not
// there is zero.
func (f families) value(name string, labels ...string) float64 {
	m := f.find(name, labels)
	switch {
	case m == nil:
		return 0
	case m.Counter != nil:
		return m.Counter.GetValue()
	case m.Gauge != nil:
		return m.Gauge.GetValue()
	case m.Histogram != nil:
		return float64(m.Histogram.GetSampleCount())
	}
	return m.Untyped.GetValue()
}

// sum adds up all series of a metric.
func (f families) sum(name string) float64 {
	sum := 0.0
	for _, m := range f.all[name].GetMetric() {
		sum += f.value(name, labelsOf(m)...)
	}
	return sum
}

// expect fails unless a series has a value. Labels are written code=1000.
func (f families) expect(want float64, why, name string, labels ...string) {
	f.w.Helper()
	if got := f.value(name, labels...); got != want {
		f.w.Fatalf("%s is %v, want %v: %s%s", series(name, labels), got, want, why, f.others(name, labels))
	}
}

// expectSum fails unless all series of a metric have a sum.
func (f families) expectSum(want float64, why, name string) {
	f.w.Helper()
	if got := f.sum(name); got != want {
		f.w.Fatalf("all series of %s together are %v, want %v: %s%s", name, got, want, why, f.others(name, nil))
	}
}

// others lists the other series of a metric.
func (f families) others(name string, but []string) string {
	var list []string
	for _, m := range f.all[name].GetMetric() {
		if labels := labelsOf(m); !slices.Equal(labels, but) {
			list = append(list, fmt.Sprintf("%s %v", series(name, labels), f.value(name, labels...)))
		}
	}
	switch {
	case f.all[name] == nil:
		return "\nThere is no metric with this name."
	case list == nil:
		return ""
	}
	return "\nThere is also:\n  " + strings.Join(list, "\n  ")
}

// expectSeries fails unless a metric has exactly these series, whatever their values.
func (f families) expectSeries(name, why string, want ...string) {
	f.w.Helper()
	var got []string
	for _, m := range f.all[name].GetMetric() {
		got = append(got, strings.Join(labelsOf(m), ","))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		f.w.Fatalf("%s has the label values %q, want %q: %s", name, got, want, why)
	}
}

// bounds returns the bounds of a histogram, without infinity.
func (f families) bounds(name string) []float64 {
	f.w.Helper()
	var list []float64
	metrics := f.all[name].GetMetric()
	if len(metrics) == 0 || metrics[0].Histogram == nil {
		f.w.Fatalf("there is no histogram %s", name)
	}
	for _, b := range metrics[0].Histogram.GetBucket() {
		if !math.IsInf(b.GetUpperBound(), 0) {
			list = append(list, b.GetUpperBound())
		}
	}
	return list
}

// expectBounds fails unless the bounds of a histogram reach from low to high.
func (f families) expectBounds(name string, low, high float64) {
	f.w.Helper()
	bounds := f.bounds(name)
	if len(bounds) < 5 || bounds[0] > low || bounds[len(bounds)-1] < high {
		f.w.Fatalf("%s has the bounds %v: want five at least, the first %v or less, the last %v or more", name, bounds, low, high)
	}
}

// observed returns the sum of all that a histogram was told.
func (f families) observed(name string) float64 {
	return f.find(name, nil).GetHistogram().GetSampleSum()
}

// names returns the names of all metrics of the program itself.
func (f families) names() []string {
	var own []string
	for _, name := range slices.Sorted(maps.Keys(f.all)) {
		if strings.HasPrefix(name, "chat_") {
			own = append(own, name)
		}
	}
	return own
}

// stats is what GET /stats tells, as far as tests look at it.
type stats struct {
	StartedAt time.Time `json:"started_at"`
	Uptime    float64   `json:"uptime_seconds"`
	health
	Totals struct {
		Connections      int `json:"connections"`
		Disconnections   int `json:"disconnections"`
		Reconnections    int `json:"reconnections"`
		Refusals         int `json:"refusals"`
		MessagesReceived int `json:"messages_received"`
		MessagesSent     int `json:"messages_sent"`
		Errors           struct {
			Client      int `json:"client"`
			Unavailable int `json:"unavailable"`
			Internal    int `json:"internal"`
		} `json:"errors"`
	} `json:"totals"`
	PerMinute map[string]struct {
		Connects    float64 `json:"connects"`
		Disconnects float64 `json:"disconnects"`
		Messages    float64 `json:"messages"`
		Errors      float64 `json:"errors"`
	} `json:"per_minute"`
	RoundTrip struct {
		Count int     `json:"count"`
		P50   float64 `json:"p50_ms"`
		P95   float64 `json:"p95_ms"`
		P99   float64 `json:"p99_ms"`
		Max   float64 `json:"max_ms"`
	} `json:"round_trip"`
	Rooms        []roomStats `json:"rooms"`
	RecentErrors []recent    `json:"recent_errors"`
	RecentEvents []recent    `json:"recent_events"`
}

type roomStats struct {
	ID       string `json:"id"`
	Members  int    `json:"members"`
	Messages int    `json:"messages"`
}

// recent is an entry of one of the two lists of what has happened lately.
type recent struct {
	At       time.Time `json:"at"`
	Event    string    `json:"event"`
	Kind     string    `json:"kind"`
	ClientID string    `json:"client_id"`
	RoomID   string    `json:"room_id"`
	Code     int       `json:"code"`
	Cause    string    `json:"cause"`
}

// health is what GET /health tells operators.
type health struct {
	Status      string   `json:"status"`
	Ready       bool     `json:"ready"`
	Reasons     []string `json:"reasons"`
	Connections int      `json:"connections"`
}

// stats asks for /stats. Before it does, the second passes in which an effect must come.
func (s *server) stats() stats {
	s.w.Helper()
	s.w.Sleep(time.Second)
	return s.statsNow()
}

// statsNow is stats without that second.
func (s *server) statsNow() stats {
	s.w.Helper()
	var got stats
	resp := get(s.w, s.admin, 200, "/stats", "operators ask for it")
	if err := json.Unmarshal(resp.Body, &got); err != nil {
		s.w.Fatalf("GET /stats was answered with something that is not the JSON of the Contract: %v", err)
	}
	return got
}

// since asks for nothing that was before.
var since chattest.Since

// slowly is a Config.Moderate that takes half a second.
func slowly(context.Context, chat.Message) error {
	time.Sleep(time.Second / 2)
	return nil
}
