package chat_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// haproxy is deploy/haproxy.cfg: its sections, and the words of their lines.
type haproxy struct {
	w        *testclient.World
	sections map[string][][]string // "global", "defaults", "backend chat"
}

func readHAProxy(w *testclient.World) *haproxy {
	w.Helper()
	h := &haproxy{w: w, sections: map[string][][]string{}}
	section := ""
	for line := range strings.Lines(readDeploy(w, "haproxy.cfg")) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case slices.Contains([]string{"global", "defaults", "frontend", "backend", "listen"}, words[0]):
			section = strings.Join(words, " ")
			if h.sections[section] != nil {
				w.Fatalf("deploy/haproxy.cfg has two sections %q", section)
			}
			h.sections[section] = [][]string{}
		case section == "":
			w.Fatalf("deploy/haproxy.cfg: %q stands before the first section", strings.TrimSpace(line))
		default:
			h.sections[section] = append(h.sections[section], words)
		}
	}
	return h
}

// find returns what follows these words in a section, "" and false if no line begins with them.
func (h *haproxy) find(section, words string) (rest string, ok bool) {
	for _, line := range h.sections[section] {
		if text := strings.Join(line, " "); text == words {
			return "", true
		} else if rest, ok := strings.CutPrefix(text, words+" "); ok {
			return rest, true
		}
	}
	return "", false
}

// frontend is the one that binds a port.
func (h *haproxy) frontend(port string) string {
	h.w.Helper()
	for name := range h.sections {
		if at, ok := h.find(name, "bind"); ok && strings.HasSuffix(strings.Fields(at)[0], ":"+port) {
			return name
		}
	}
	h.w.Fatalf("deploy/haproxy.cfg has no frontend that binds port %s", port)
	return ""
}

// setting is what follows these words in one of the sections, the first that has them.
func (h *haproxy) setting(words string, sections ...string) string {
	for _, s := range sections {
		if rest, ok := h.find(s, words); ok {
			return rest
		}
	}
	return ""
}

// expectTime fails unless a timeout lies in (more, most].
func (h *haproxy) expectTime(what, section string, more, most time.Duration, why string) {
	h.w.Helper()
	text := h.setting(what, section, "defaults")
	got, err := time.ParseDuration(regexp.MustCompile(`^\d+$`).ReplaceAllString(text, "${0}ms"))
	if text == "" || err != nil || got <= more || got > most {
		h.w.Fatalf("deploy/haproxy.cfg: %s is %q for %q, want more than %v and %v at most: %s", what, text, section, more, most, why)
	}
}

// Task 13.10 (6 points): HAProxy does for the server what nginx does.
//
// Rules: 13.ak.
func TestHAProxySpeaksHTTPS(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		plain, secure := h.frontend("80"), h.frontend("443")
		redirect, _ := h.find(plain, "http-request redirect scheme https")
		if redirect != "code 301" && redirect != "code 308" {
			w.Fatalf("deploy/haproxy.cfg: %q has no http-request redirect scheme https with code 301 or 308 that holds for all", plain)
		}
		bind, _ := h.find(secure, "bind")
		least := h.setting("ssl-default-bind-options", "global") + " " + bind
		if !strings.Contains(least, "ssl-min-ver TLSv1.2") && !strings.Contains(least, "ssl-min-ver TLSv1.3") {
			w.Fatalf("deploy/haproxy.cfg: nothing says ssl-min-ver TLSv1.2: a client may speak what is older")
		}
		if got := strings.Trim(h.setting("http-response set-header Strict-Transport-Security", secure, "defaults"), `"`); !strings.HasPrefix(got, "max-age=") || got == "max-age=0" {
			w.Fatalf("deploy/haproxy.cfg: %q answers with Strict-Transport-Security %q, want max-age", secure, got)
		}
		if _, ok := h.find(secure, "option forwardfor"); !ok {
			if _, ok := h.find("defaults", "option forwardfor"); !ok {
				w.Fatalf("deploy/haproxy.cfg: %q passes on no X-Forwarded-For: option forwardfor", secure)
			}
		}
		if got, _ := h.find(secure, "http-request set-header X-Forwarded-Proto"); got != "https" {
			w.Fatalf("deploy/haproxy.cfg: %q passes on X-Forwarded-Proto %q, want https", secure, got)
		}
	})
}

// Task 13.10: A client may be quiet between two heartbeats, and nobody is waited for long or for ever.
//
// Rules: 13.al.
func TestHAProxyIsPatient(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		plain, secure, backend := h.frontend("80"), h.frontend("443"), h.backend()
		h.expectTime("timeout tunnel", backend, patience[0], patience[1], "it is for a WebSocket")
		h.expectTime("timeout server", backend, patience[0], patience[1], "it is for an event stream")
		h.expectTime("timeout client", secure, patience[0], patience[1], "it is for an event stream")
		h.expectTime("timeout connect", backend, 0, 10*time.Second, "an instance may be dead")
		h.expectTime("timeout http-request", secure, 0, 30*time.Second, "a client may send half a request")
		h.expectTime("timeout http-request", plain, 0, 30*time.Second, "a client may send half a request")
		if got := h.setting("hard-stop-after", "global"); got == "" {
			w.Fatalf("deploy/haproxy.cfg has no hard-stop-after: one idle socket keeps an old process for ever")
		}
		h.expectTime("hard-stop-after", "global", 9*time.Second, 10*time.Minute, "it is for what is left after a reload")
		if got := h.setting("maxconn", "global"); got == "" || number(w, got) < 10_000 {
			w.Fatalf("deploy/haproxy.cfg has maxconn %q, want 10000 or more", got)
		}
	})
}

// backend is where the requests over https go.
func (h *haproxy) backend() string {
	h.w.Helper()
	name := "backend " + h.setting("default_backend", h.frontend("443"), "defaults")
	if h.sections[name] == nil {
		h.w.Fatalf("deploy/haproxy.cfg has no section %q", name)
	}
	return name
}

// Task 13.10: A client goes to the instance that has its session, if that instance is ready.
//
// Rules: 13.am.
func TestHAProxyBringsAClientToItsSession(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		h := readHAProxy(w)
		backend := h.backend()
		if got := strings.ReplaceAll(h.setting("balance", backend, "defaults"), " ", ""); got != "hashpath,field(3,/)" {
			w.Fatalf("deploy/haproxy.cfg: %q has balance %s, want hash path,field(3,/): the client id, in /ws/ana as in /events/ana", backend, h.setting("balance", backend, "defaults"))
		}
		if got := h.setting("hash-type", backend, "defaults"); !strings.HasPrefix(got, "consistent") {
			w.Fatalf("deploy/haproxy.cfg: %q has hash-type %q, want consistent", backend, got)
		}
		check := h.setting("option httpchk", backend, "defaults") + " " + h.setting("http-check send", backend, "defaults")
		if !strings.Contains(check+" ", " /ready ") && !strings.HasPrefix(check, "/ready ") {
			w.Fatalf("deploy/haproxy.cfg: %q does not ask its servers GET /ready: option httpchk GET /ready", backend)
		}
		servers := 0
		for _, line := range h.sections[backend] {
			if line[0] != "server" {
				continue
			}
			servers++
			if !slices.Contains(line, "check") && !strings.Contains(h.setting("default-server", backend, "defaults"), "check") {
				w.Fatalf("deploy/haproxy.cfg: %q: %s: without check, nobody asks it whether it is ready", backend, strings.Join(line, " "))
			}
		}
		if servers < 2 {
			w.Fatalf("deploy/haproxy.cfg: %q has %d servers, want two", backend, servers)
		}
	})
}
