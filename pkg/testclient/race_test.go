//go:build race

package testclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/internal/faulty"
	overlay "wsworkshop/pkg/testclient/sync"
)

// racing are servers whose handlers race with each other, though rarely at the same moment.
var racing = []scenario{
	{"race-counter", func(w *World) {
		c := faulty.Counter{Log: w.Logger()}
		s := w.Serve(faulty.Session(c.Session))
		one, other := s.Dial("/ws"), s.Dial("/ws")
		one.Send("x")
		other.Send("x")
		w.Settle()
	}},
	{"race-beside-a-lock", func(w *World) {
		c := faulty.HalfGuarded{Mu: new(overlay.Mutex)}
		s := w.Serve(faulty.Session(c.Session))
		w.Rush(8, func(int) {
			s.Dial("/ws").Send("x")
			w.Settle()
		})
	}},
}

func init() { long = append(long, racing...) }

// TestRacesAreSeen guards against what the network and the record of events have in common
// being taken for an order between handlers.
func TestRacesAreSeen(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover are an order between handlers, too")
	}
	for _, s := range racing {
		t.Run(s.name, func(t *testing.T) {
			for range 5 {
				out, _ := runScenarios(t, nil, s)
				require.Contains(t, out, "WARNING: DATA RACE")
				require.Contains(t, out, "internal/faulty/races.go")
			}
		})
	}
}
