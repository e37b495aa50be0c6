package chat_test

import (
	"strings"
	"testing"

	"wsworkshop/pkg/testclient"
)

// Task 1.6 (10 points): The page is served at /, its files beside it.
func TestPageIsServed(t *testing.T) {
	run(t, func(w *testclient.World, s *testclient.Server) {
		for path, kind := range map[string]string{
			"/":          "text/html",
			"/chat.js":   "javascript",
			"/page.js":   "javascript",
			"/style.css": "text/css",
		} {
			resp := s.Get(path)
			if got := resp.Header.Get("Content-Type"); resp.Status != 200 || !strings.Contains(got, kind) {
				w.Fatalf("GET %s got status %d with Content-Type %q, want 200 and %s", path, resp.Status, got, kind)
			}
		}
		if resp := s.Get("/no-such-file"); resp.Status != 404 {
			w.Fatalf("GET /no-such-file got status %d, want 404", resp.Status)
		}
	})
}
