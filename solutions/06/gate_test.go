package chat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/06"
)

// gate is a Limiter under test, beside which somebody keeps a list of all that it has admitted.
type gate struct {
	*chat.Limiter
	w      *testclient.World
	limit  int
	window time.Duration

	exactWaits bool // task 6.2
	admitted   map[string][]time.Duration
	refused    map[string]time.Duration // the last one of each client
}

func newGate(w *testclient.World, limit int, window time.Duration) *gate {
	w.Note("NewLimiter(%d, %v)", limit, window)
	return &gate{
		Limiter: chat.NewLimiter(limit, window), w: w, limit: limit, window: window,
		admitted: map[string][]time.Duration{}, refused: map[string]time.Duration{},
	}
}

// ask asks for a client now, and fails unless the answer is right. It returns the answer.
func (g *gate) ask(id string) (wait time.Duration, ok bool) {
	g.w.Helper()
	now := g.w.Elapsed()
	wait, ok = g.Allow(id)
	if took := g.w.Elapsed() - now; took > 0 {
		g.w.Fatalf("Allow(%q) took %v: it answers at once (rule 6.e), and whoever is refused decides whether to wait", id, took)
	}
	inside := g.inside(id, now)
	g.note(id, now, wait, ok)
	switch {
	case ok && len(inside) >= g.limit:
		g.w.Fatalf("Allow(%q) at %v = true, want false: %s admitted in the %v before, the first of them at %v.\n"+
			"No window, wherever it begins, has more than %d; an event counts for exactly one window, and is not forgotten before.",
			id, now, count(len(inside), "event was", "events were"), g.window, inside[0], g.limit)
	case !ok && len(inside) < g.limit:
		g.w.Fatalf("Allow(%q) at %v = false, want true: %s admitted in the %v before, and the limit is %d.\n"+
			"%s",
			id, now, count(len(inside), "event was", "events were"), g.window, g.limit, g.whyNotRefused(id, now))
	}
	if g.exactWaits {
		g.checkWait(id, now, wait, ok)
	}
	if ok {
		g.admitted[id] = append(g.admitted[id], now)
	} else {
		g.refused[id] = now
	}
	return wait, ok
}

// note writes an answer into the timeline, with the moment where the timeline would round it.
func (g *gate) note(id string, now, wait time.Duration, ok bool) {
	at, answer := "", "admitted"
	if now%time.Millisecond != 0 {
		at = fmt.Sprint(" at ", now)
	}
	if !ok {
		answer = fmt.Sprint("refused, wait ", wait)
	}
	g.w.NoteBy(id, "Allow(%q)%s: %s", id, at, answer)
}

// whyNotRefused tells what may have been counted, of a client that is within its limit, and
// must not be.
func (g *gate) whyNotRefused(id string, now time.Duration) string {
	last, again := g.refused[id]
	switch left := now - g.window; {
	case again && last > left:
		return "An event counts for exactly one window, and one that is refused does not count at all."
	case slices.Contains(g.admitted[id], left):
		return fmt.Sprintf("The one that was admitted at %v is exactly %v old: it does not count any more.", left, g.window)
	}
	if len(g.admitted) > 1 {
		return "What is admitted for others does not count for " + id + "."
	}
	return "As many as the limit are admitted in a window, and not one less."
}

// inside returns when those events of a client were admitted that count at this moment.
func (g *gate) inside(id string, now time.Duration) []time.Duration {
	all := g.admitted[id]
	for len(all) > 0 && now-all[0] >= g.window {
		all = all[1:]
	}
	return all
}

// checkWait fails unless the wait of an answer is right, which ask has got just now.
func (g *gate) checkWait(id string, now, wait time.Duration, ok bool) {
	g.w.Helper()
	if ok {
		require.Zero(g.w, wait, "the wait when Allow admits an event")
		return
	}
	oldest := g.inside(id, now)[0]
	if want := oldest + g.window - now; wait != want {
		g.w.Fatalf("Allow(%q) at %v = %v, false; want a wait of %v: the oldest that counts was admitted at %v, and counts until %v",
			id, now, wait, want, oldest, oldest+g.window)
	}
}

// askAt asks for a client at these times, which begin now.
func (g *gate) askAt(id, times string) {
	g.w.Helper()
	began := g.w.Elapsed()
	for _, at := range strings.Fields(times) {
		d, err := time.ParseDuration(at)
		require.NoError(g.w, err)
		g.w.Sleep(began + d - g.w.Elapsed())
		g.ask(id)
	}
}

// askOften asks n times for one of the clients at a time, after all kinds of pauses.
func (g *gate) askOften(n int, ids ...string) {
	g.w.Helper()
	random := rand.New(rand.NewPCG(6, uint64(g.window)))
	short := 2 * int64(g.window) / int64(g.limit)
	for range n {
		switch random.IntN(10) {
		case 0:
			g.w.Sleep(g.window)
		case 1:
			g.w.Sleep(g.window - 1)
		case 2:
			g.w.Sleep(g.window / time.Duration(g.limit))
		case 3, 4, 5: // at the same instant
		default:
			g.w.Sleep(time.Duration(random.Int64N(short)))
		}
		g.ask(ids[random.IntN(len(ids))])
	}
}

// count writes "1 event was" or "3 events were".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}
