package chat_test

import (
	"fmt"
	"strings"

	"wsworkshop/pkg/testclient"
)

// said is the i-th message of a burst.
func said(i int) fields { return fields{"type": "message", "data": fmt.Sprint(i)} }

// texts takes what has arrived and returns the texts of all talk.
func texts(w *testclient.World, c *testclient.Client) []string {
	w.Helper()
	var list []string
	for _, m := range messages(w, c, "message", "broadcast", "direct") {
		text, _ := m.text("data")
		list = append(list, text)
	}
	return list
}

// wantEach expects bursts of n texts by so many speakers: 0, 1, … of each, in order. Who said what
// is not asked, so that texts are counted.
func wantEach(w *testclient.World, listener *testclient.Client, got []string, speakers, n int) {
	w.Helper()
	times := make([]int, n)
	for _, text := range got {
		var i int
		if _, err := fmt.Sscan(text, &i); err == nil && i >= 0 && i < n {
			times[i]++
			if i > 0 && times[i] > times[i-1] {
				w.Fatalf("%s got %q more often than %q so far, and everyone said it later: %s\n"+
					"what one client says must arrive in the order in which it was said", listener.Name(), text, fmt.Sprint(i-1), list(got))
			}
		}
	}
	for i := range times {
		if times[i] != speakers {
			w.Fatalf("%s got %q %d times, and %d clients said it once each: %s", listener.Name(), fmt.Sprint(i), times[i], speakers, list(got))
		}
	}
}

func list(texts []string) string {
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, " ")
}

// wantSameOrder compares what two clients got.
func wantSameOrder(w *testclient.World, a *testclient.Client, gotA []string, b *testclient.Client, gotB []string) {
	w.Helper()
	for i := range min(len(gotA), len(gotB)) {
		if gotA[i] != gotB[i] {
			w.Fatalf("message %d of %s is %q, of %s %q: all clients must get all messages in one and the same order",
				i+1, a.Name(), gotA[i], b.Name(), gotB[i])
		}
	}
	if len(gotA) != len(gotB) {
		w.Fatalf("%s got %d messages and %s %d: all clients must get all messages", a.Name(), len(gotA), b.Name(), len(gotB))
	}
}
