package conformance_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient/conformance"
)

var update = flag.Bool("update", false, "rewrite testdata/cases.txt")

// Autobahn's list has so many cases in each of its sections.
var autobahn = map[string]int{"1": 16, "2": 11, "3": 7, "4": 10, "5": 20, "6": 145, "7": 37}

func TestCasesAreThoseOfAutobahn(t *testing.T) {
	count, seen := map[string]int{}, map[string]bool{}
	for _, c := range conformance.Cases(conformance.Subject{}) {
		section, _, _ := strings.Cut(c.ID, ".")
		count[section]++
		if seen[c.ID] {
			t.Errorf("two cases have the id %s", c.ID)
		}
		seen[c.ID] = true
		if c.Section == "" || !strings.HasSuffix(c.Title, ".") || !strings.HasSuffix(c.Asks, ".") {
			t.Errorf("%s lacks a section, a title or what the RFC asks: %+v", c.ID, c)
		}
	}
	for section, want := range autobahn {
		if count[section] != want {
			t.Errorf("section %s has %d cases, want %d", section, count[section], want)
		}
	}
	if len(seen) != 246 {
		t.Errorf("%d cases, want 246: without MaxMessage there is no section 9", len(seen))
	}
}

// testdata/cases.txt is the list of all cases for those who look one up.
func TestListOfCases(t *testing.T) {
	var list strings.Builder
	for _, c := range conformance.Cases(conformance.Subject{MaxMessage: 64 << 10}) {
		fmt.Fprintf(&list, "%-8s %-6s %s\n%15s %s\n", c.ID, c.Section, c.Title, "", c.Asks)
	}
	const golden = "testdata/cases.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if list.String() != string(want) {
		t.Errorf("the cases are not those of %s; -update rewrites it", golden)
	}
}

// good keeps the whole RFC but for what gorilla/websocket has wrong.
func good(conn *websocket.Conn) {
	conn.SetReadLimit(limit)
	for {
		kind, message, err := conn.ReadMessage()
		switch {
		case err != nil:
			return
		case kind == websocket.BinaryMessage:
			bye(conn, websocket.CloseUnsupportedData)
			return
		case string(message) != strings.ToValidUTF8(string(message), ""):
			bye(conn, websocket.CloseInvalidFramePayloadData)
			return
		}
		said := strings.TrimSuffix(strings.TrimPrefix(string(message), "say <"), ">")
		for _, text := range []string{"welcome", "he said <" + said + ">"} {
			if conn.WriteMessage(websocket.TextMessage, []byte(text)) != nil {
				return
			}
		}
	}
}

const limit = 1 << 16

func bye(conn *websocket.Conn, code int) {
	_ = conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(code, "")) // the end anyway
}

// A server with a dialect of its own, that refuses binary messages and long ones, passes.
func TestDialectAndLimits(t *testing.T) {
	results := conformance.Check(t, conformance.Subject{
		Serve: serve(good),
		Dialect: &conformance.Dialect{
			Before: "say <", After: ">",
			Answers: func(sent, got []byte) bool {
				said := strings.TrimSuffix(strings.TrimPrefix(string(sent), "say <"), ">")
				return string(got) == "he said <"+said+">"
			},
			Skips: func(got []byte) bool { return string(got) == "welcome" },
		},
		TextOnly:   true,
		MaxMessage: limit,
	})
	if len(results) != 254 {
		t.Errorf("%d results, want 254", len(results))
	}
	for _, r := range results {
		if r.Verdict == conformance.Failed && r.ID != "7.3.2" { // gorilla takes half a code for none
			t.Error("\n" + r.String())
		}
	}
}
