package echoservers_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/echoservers"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/conformance"
)

var update = flag.Bool("update", false, "rewrite testdata/deviations.txt")

const golden = "testdata/deviations.txt"

func subject(h func() http.Handler) conformance.Subject {
	return conformance.Subject{
		Serve:      func(*testclient.World) http.Handler { return h() },
		MaxMessage: echoservers.MaxMessage,
	}
}

// Each library deviates where the golden file says, and nowhere else.
func TestDeviationsOfLibraries(t *testing.T) {
	var table strings.Builder
	for _, lib := range []struct {
		name string
		h    func() http.Handler
	}{
		{"gorilla/websocket v1.5.3", echoservers.Gorilla},
		{"gorilla/websocket v1.5.3 and UTF-8 checked as it comes", echoservers.Strict},
		{"coder/websocket v1.8.15", echoservers.Coder},
		{"lxzan/gws v1.8.9", func() http.Handler { return echoservers.GWS(false) }},
		{"lxzan/gws v1.8.9 with CheckUtf8Enabled", func() http.Handler { return echoservers.GWS(true) }},
	} {
		start := time.Now()
		results := conformance.Check(t, subject(lib.h))
		t.Logf("%s: %d cases in %v", lib.name, len(results), time.Since(start).Round(time.Millisecond))
		table.WriteString(report(lib.name, results))
		if testing.Verbose() {
			for _, r := range results {
				if r.Verdict != conformance.OK {
					t.Log(r)
				}
			}
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := table.String(); got != string(want) {
		t.Errorf("the libraries deviate otherwise than %s says; -update rewrites it. Got:\n%s", golden, got)
	}
}

// report is a library's part of the golden file. Cases in a row that deviate in the same way share
// a line.
func report(name string, results []conformance.Result) string {
	count := map[conformance.Verdict]int{}
	for _, r := range results {
		count[r.Verdict]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d cases: %d OK, %d non-strict, %d informational, %d failed\n", name, len(results),
		count[conformance.OK], count[conformance.NonStrict], count[conformance.Informational], count[conformance.Failed])
	fmt.Fprintf(&b, "  %-15s %-13s %-8s %s\n", "case", "verdict", "RFC 6455", "the server")
	for i := 0; i < len(results); {
		first := results[i]
		n := i + 1
		for n < len(results) && same(first, results[n]) {
			n++
		}
		if first.Verdict != conformance.OK {
			ids := first.ID
			if n-i > 1 {
				ids += "-" + results[n-1].ID
			}
			fmt.Fprintf(&b, "  %-15s %-13s %-8s %s\n", ids, first.Verdict, first.Section, first.Did)
		}
		i = n
	}
	return b.String() + "\n"
}

func same(a, b conformance.Result) bool {
	return a.Verdict == b.Verdict && a.Did == b.Did && a.Section == b.Section
}

// gws passes all cases of sections 1 to 7. Without a limit there are none of section 9.
func TestConformance(t *testing.T) {
	s := subject(func() http.Handler { return echoservers.GWS(true) })
	s.MaxMessage = 0
	conformance.Run(t, s)
}
