package chat_test

import (
	"slices"
	"strings"

	"wsworkshop/pkg/testclient"
)

// said is the i-th message of a client's burst.
func said(c *testclient.Client, i int) fields { return fields{"type": "message", "data": nth(c, i)} }

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

// of returns those of the texts that a client said in its burst.
func of(speaker string, texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !strings.HasSuffix(text, " of "+speaker) })
}

// wantEach expects a burst of n texts by each speaker, each in order.
func wantEach(w *testclient.World, listener *testclient.Client, got []string, n int, speakers ...*testclient.Client) {
	w.Helper()
	for _, c := range speakers {
		own := of(c.Name(), got)
		for i, text := range own {
			if i >= n || text != nth(c, i) {
				w.Fatalf("%s got %q as message %d of the %d that %s said: %s\n"+
					"what one client says must arrive once, and in the order in which it was said", listener.Name(), text, i+1, n, c.Name(), list(own))
			}
		}
		if len(own) < n {
			w.Fatalf("%s got %d messages of the %d that %s said: %s", listener.Name(), len(own), n, c.Name(), list(own))
		}
	}
}

func list(texts []string) string {
	if len(texts) == 0 {
		return "nothing"
	}
	return strings.Join(texts, ", ")
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
