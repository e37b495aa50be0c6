package chat_test

import (
	"bytes"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/12"
)

// types are the metrics that the Contract names.
var types = map[string]dto.MetricType{
	"chat_connections":                   dto.MetricType_GAUGE,
	"chat_connections_opened_total":      dto.MetricType_COUNTER,
	"chat_connections_closed_total":      dto.MetricType_COUNTER,
	"chat_connection_duration_seconds":   dto.MetricType_HISTOGRAM,
	"chat_reconnects_total":              dto.MetricType_COUNTER,
	"chat_refusals_total":                dto.MetricType_COUNTER,
	"chat_messages_received_total":       dto.MetricType_COUNTER,
	"chat_message_size_bytes":            dto.MetricType_HISTOGRAM,
	"chat_messages_sent_total":           dto.MetricType_COUNTER,
	"chat_errors_total":                  dto.MetricType_COUNTER,
	"chat_broadcast_duration_seconds":    dto.MetricType_HISTOGRAM,
	"chat_round_trip_seconds":            dto.MetricType_HISTOGRAM,
	"chat_http_request_duration_seconds": dto.MetricType_HISTOGRAM,
	"chat_rooms":                         dto.MetricType_GAUGE,
	"chat_ready":                         dto.MetricType_GAUGE,
	"chat_connections_max":               dto.MetricType_GAUGE,
}

// Task 12.1 (8 points): Prometheus reads the numbers of each server, and only operators get in.
//
// Rules: 12.a, 12.c.
func TestMetricsAreExposed(t *testing.T) {
	run(t, chat.Config{MaxConnections: 30}, func(w *testclient.World, s *server) {
		s.Join("ana", "den").Leave()
		s.Refused("/ws/ana?room_id=", []int{400, 426}, testclient.Header("Sec-WebSocket-Version", "7"))
		m := s.metrics()
		m.expect(1, "new clients are welcome", "chat_ready")
		m.expect(30, "that is MaxConnections", "chat_connections_max")
		for _, name := range m.names() {
			if want, ok := types[strings.TrimSuffix(name, "_created")]; ok && m.all[name].GetType() != want {
				w.Fatalf("%s is a %s, want a %s", name, m.all[name].GetType(), want)
			}
		}
		for _, name := range []string{"go_goroutines", "go_memstats_heap_alloc_bytes"} {
			if m.all[name] == nil {
				w.Fatalf("GET /metrics should also tell of Go's runtime; there is no %s", name)
			}
		}
		if m.all["process_start_time_seconds"] == nil {
			w.Fatalf("GET /metrics should also tell of the process; there is no process_start_time_seconds")
		}
	})
}

// Task 12.1: The names follow the conventions.
//
// Rules: 12.a.
func TestMetricsPassLint(t *testing.T) {
	run(t, chat.Config{MaxConnections: 30}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		ana.Say("hello")
		ana.Send("{")
		s.Refused("/ws/a%20b", []int{400})
		s.metrics()
		body := get(w, s.admin, 200, "/metrics", "Prometheus reads it").Body
		problems, err := promlint.New(bytes.NewReader(body)).Lint()
		if err != nil {
			w.Fatalf("promlint cannot read what GET /metrics answers: %v", err)
		}
		for _, p := range problems {
			if strings.HasPrefix(p.Metric, "chat_") {
				w.Errorf("promlint: %s: %s", p.Metric, p.Text)
			}
		}
		if w.Failed() {
			return
		}
		s.metrics().expect(30, "that is MaxConnections", "chat_connections_max")
	})
}

// Task 12.1: Two servers in one process have numbers of their own.
//
// Rules: 12.b.
func TestServersCountForThemselves(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		one, two := start(w, chat.Config{MaxConnections: 30}), start(w, chat.Config{MaxConnections: 40})
		one.metrics().expect(30, "that is MaxConnections of the first server", "chat_connections_max")
		two.metrics().expect(40, "that is MaxConnections of the second server", "chat_connections_max")
		again := &server{Server: one.Server, w: w, chat: one.chat, admin: w.Serve(one.chat.Admin())}
		again.metrics().expect(30, "Admin was called again, and tells of the same server", "chat_connections_max")
	})
}

// Task 12.1: What alerts look at is there before anything happens.
//
// Rules: 12.d.
func TestCountersBeginAtZero(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		m := s.metrics()
		const why = "nothing has happened, and a counter that appears later hides its first event"
		m.expectSeries("chat_connections", why, "transport=events", "transport=websocket")
		m.expectSeries("chat_connections_opened_total", why, "transport=events", "transport=websocket")
		m.expectSeries("chat_errors_total", why, "kind=client", "kind=internal", "kind=unavailable")
		m.expectSum(0, "nothing has happened", "chat_errors_total")
		if m.all["chat_connections_max"] != nil {
			w.Fatalf("there is a chat_connections_max, and MaxConnections is zero: there is no limit")
		}
	})
}

// adminPaths are what operators may ask for.
var adminPaths = []string{"/metrics", "/stats", "/health", "/admin/", "/admin/feed.js", "/debug/pprof/", "/debug/pprof/goroutine?debug=1"}

// Task 12.1: What operators see is not public.
//
// Rules: 12.e.
func TestAdminIsApart(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		for _, path := range adminPaths {
			get(w, s.admin, 200, path, "Admin serves it")
			if path != "/health" {
				get(w, s.Server.Server, 404, path, "the server itself is public")
			}
		}
		for _, path := range []string{"/admin", "/admin/index.html", "/admin%2ffeed.js", "/admin%2F", "/x%2f..%2fadmin/feed.js", "/%61dmin%2ffeed.js", "/.%2fadmin/feed.js"} {
			if resp := s.Get(path); resp.Status == 200 || bytes.Contains(resp.Body, []byte("StatsFeed")) {
				w.Fatalf("GET %s was answered %d: the server itself is public, and the dashboard is Admin's", path, resp.Status)
			}
		}
		get(w, s.Server.Server, 200, "/style.css", "the page of the chat is public")
	})
}

// Task 12.1: The dashboard is at /admin/, and runs no script of others.
//
// Rules: 12.bq.
func TestAdminServesTheDashboard(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		if resp := s.admin.Get("/admin"); resp.Status/100 != 3 || !strings.HasSuffix(resp.Header.Get("Location"), "/admin/") {
			w.Fatalf("GET /admin was answered %d with Location: %q, want a redirect to /admin/", resp.Status, resp.Header.Get("Location"))
		}
		get(w, s.admin, 200, "/debug/pprof/symbol", "it is a part of the profiles")
		get(w, s.admin, 404, "/debug/pprof/cmdline", "a command line may have secrets")
		for _, path := range []string{"/admin/", "/admin/feed.js"} {
			resp := get(w, s.admin, 200, path, "it is a part of the dashboard")
			if got := resp.Header.Get("X-Content-Type-Options"); got != "nosniff" {
				w.Fatalf("GET %s was answered with X-Content-Type-Options: %q, want nosniff", path, got)
			}
			policy := resp.Header.Get("Content-Security-Policy")
			if got := sourcesOf(policy, "script-src", "default-src"); !slices.Equal(got, []string{"'self'"}) {
				w.Fatalf("GET %s was answered with Content-Security-Policy: %q, which lets scripts of %q run, want 'self' alone", path, policy, got)
			}
			if got := sourcesOf(policy, "frame-ancestors"); !slices.Equal(got, []string{"'none'"}) {
				w.Fatalf("GET %s was answered with Content-Security-Policy: %q, which lets %q show the page in a frame, want 'none'", path, policy, got)
			}
		}
	})
}

// sourcesOf returns what a Content-Security-Policy says about the first of these directives that it has.
func sourcesOf(policy string, directives ...string) []string {
	for _, name := range directives {
		for part := range strings.SplitSeq(policy, ";") {
			if words := strings.Fields(part); len(words) > 0 && words[0] == name {
				return words[1:]
			}
		}
	}
	return nil
}

// Task 12.1: Config.GuardAdmin decides who gets in.
//
// Rules: 12.e.
func TestGuardAdmin(t *testing.T) {
	cfg := chat.Config{GuardAdmin: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer key" {
				http.Error(rw, "who are you?", http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(rw, r)
		})
	}}
	run(t, cfg, func(w *testclient.World, s *server) {
		for _, path := range adminPaths {
			if resp := s.admin.Get(path, testclient.Header("Authorization", "Bearer key")); resp.Status != 200 {
				w.Fatalf("GET %s was answered %d, want 200: GuardAdmin lets this request in", path, resp.Status)
			}
			get(w, s.admin, 401, path, "GuardAdmin refuses this request")
		}
		s.admin.Refused("/admin/live", []int{401})
		s.Join("ana", "den")
		get(w, s.Server.Server, 200, "/health", "GuardAdmin is for Admin alone")
	})
}

// Task 12.1: The alerts and the dashboard of deploy/ read metrics that exist.
//
// Rules: 12.a.
func TestDeployReadsWhatIsThere(t *testing.T) {
	run(t, chat.Config{MaxConnections: 100}, func(w *testclient.World, s *server) {
		ana := s.Join("ana", "den")
		s.Refused("/ws/a%20b", []int{400})
		ana.Say("hello")
		ana.Leave()
		if m := s.metrics(); m.all["chat_connections"] == nil {
			w.Fatalf("GET /metrics has no chat_connections")
		}
		for _, file := range []string{"deploy/alerts.yml", "deploy/grafana.json"} {
			text, err := os.ReadFile(file)
			if err != nil {
				w.Fatalf("%v", err)
			}
			for _, name := range regexp.MustCompile(`\bchat_[a-z_]+`).FindAllString(string(text), -1) {
				base := name
				for _, part := range []string{"_bucket", "_sum", "_count"} {
					base = strings.TrimSuffix(base, part)
				}
				if _, ok := types[base]; !ok {
					w.Fatalf("%s reads %s, which is no metric of the Contract", file, name)
				}
			}
		}
	})
}
