package chat_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 9.12 (3 points): The page's status says what a person needs to know.
//
// Rules: 9.as, 9.at.
func TestStatus(t *testing.T) {
	const lost, asked = `{ opened: true, asked: false }`, `{ asked: true }`
	for _, c := range []struct {
		what  string
		steps []string // a state with its detail, a pause such as "130s", or "leaving"
		want  []string
	}{
		{"a visit", []string{"connecting", "open", "300s", "leaving", "closed " + asked}, []string{"connecting", "connected", "closing", "closed"}},
		{"a short loss", []string{"connecting", "open", "waiting " + lost, "5s", "connecting", "1s", "open", "300s"},
			[]string{"connecting", "connected", "disconnected", "connecting", "connected"}},
		{"a long loss", []string{"connecting", "open", "waiting " + lost, "119s", "connecting", "2s", "waiting " + lost, "20s", "connecting", "1s", "open", "300s"},
			[]string{"connecting", "connected", "disconnected", "connecting", "suspended", "connected"}},
		{"no server from the beginning", []string{"connecting", "1s", "waiting " + lost, "60s", "connecting", "1s", "waiting " + lost, "60s"},
			[]string{"connecting", "disconnected", "connecting", "disconnected", "suspended"}},
		{"two losses", []string{"connecting", "open", "waiting " + lost, "100s", "connecting", "open", "waiting " + lost, "100s", "connecting", "open"},
			[]string{"connecting", "connected", "disconnected", "connecting", "connected", "disconnected", "connecting", "connected"}},
		{"what is told twice", []string{"connecting", "connecting", "open", "open"}, []string{"connecting", "connected"}},
		{"a long goodbye", []string{"connecting", "1s", "leaving", "130s", "closed " + asked}, []string{"connecting", "closing", "closed"}},
		{"given up", []string{"connecting", "open", "waiting " + lost, "10s", "closed { asked: false }", "300s"},
			[]string{"connecting", "connected", "disconnected", "failed"}},
		{"disconnected by the program", []string{"connecting", "open", "closed " + asked}, []string{"connecting", "connected", "closed"}},
		{"taken over while leaving", []string{"connecting", "open", "leaving", "closed { asked: false }"}, []string{"connecting", "connected", "closing", "failed"}},
		{"left while suspended", []string{"connecting", "130s", "leaving", "closed " + asked, "300s", "connecting", "open"},
			[]string{"connecting", "suspended", "closing", "closed", "connecting", "connected"}},
	} {
		withOffice(t, []string{"/status.js"}, func(w *testclient.World, s *server, o *office, p *testpage.Page) {
			p.Run(`const seen = []; const s = new ConnectionStatus({ onChange: (state) => seen.push(state) })`)
			for _, step := range c.steps {
				if pause, err := time.ParseDuration(step); err == nil {
					w.Sleep(pause)
					continue
				}
				if step == "leaving" {
					p.Run("s.leaving()")
					continue
				}
				state, detail, _ := strings.Cut(step, " ")
				if detail == "" {
					detail = "undefined"
				}
				p.Run(fmt.Sprintf("s.follow(%q, %s)", state, detail))
			}
			w.Settle()
			var got []string
			if p.Get("seen", &got); !slices.Equal(got, c.want) {
				w.Fatalf("%s: the ChatClient's states were %q, and the status was %q, want %q", c.what, c.steps, got, c.want)
			}
		})
	}
}
