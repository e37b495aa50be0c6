package chattest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
)

// streams is a server for clients without a WebSocket: it welcomes each as a mirror does, and
// sends back on its stream whatever it says. Text "bye" ends all streams.
type streams struct {
	mirror
	then    string        // goes to each client, after its welcome
	refuses int           // the status of the answer to requests; zero: 204
	takes   time.Duration // the answer to a request
	ending  string        // the data of the event that announces the end

	mu    sync.Mutex // guards what follows
	open  map[chan string]bool
	heard []string // what came in requests, with the headers
}

func (s *streams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.post(w, r)
		return
	}
	if !s.enter(r.URL.RawQuery) {
		http.Error(w, "the room is full", http.StatusServiceUnavailable)
		return
	}
	defer s.leave()
	mine := make(chan string, 10)
	s.join(mine)
	w.Header().Set("Content-Type", "text/event-stream")
	welcome := s.welcome(r.URL.Query().Get("session_id"))
	if data, ok := welcome["data"].(map[string]any); ok {
		data["instance"] = "i1"
	}
	first, _ := json.Marshal(welcome)
	_, _ = fmt.Fprintf(w, "data: %s\n\n%s", first, s.then)
	for {
		_ = http.NewResponseController(w).Flush()
		select {
		case m, more := <-mine:
			if !more {
				_, _ = fmt.Fprintf(w, "event: close\ndata: %s\n\n", s.ending)
				return
			}
			_, _ = fmt.Fprintf(w, "data: %s\n\n", m)
		case <-r.Context().Done():
			return
		}
	}
}

func (s *streams) join(c chan string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[chan string]bool{}
	}
	s.open[c] = true
}

// post takes one message from a client.
func (s *streams) post(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	time.Sleep(s.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	from := r.Header["Chat-Session"]
	s.heard = append(s.heard, fmt.Sprintf("%s %s %s %s", r.URL.Path, from, r.Header["Chat-Instance"], body))
	switch {
	case s.refuses != 0:
		http.Error(w, "not now", s.refuses)
		return
	case len(from) != 1 || from[0] != "kept":
		http.Error(w, "no such session", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
	for c := range s.open {
		if string(body) == "bye" {
			close(c)
			continue
		}
		c <- string(body)
	}
}

// overEvents is a test of streams.
func overEvents(t *testing.T, h *streams, fn func(w *testclient.World, s *chattest.Server)) {
	t.Helper()
	testclient.Run(t, func(w *testclient.World) { fn(w, chattest.Serve(w, h, struct{}{})) })
}
