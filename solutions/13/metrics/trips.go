package metrics

import (
	"math"
	"slices"
	"time"
)

const (
	tripsFor  = 5 * time.Minute // how long a round trip counts for the percentiles
	tripsKept = 1000            // and how many do, the latest
)

// roundTrips are the latest round trips. The caller holds a lock.
type roundTrips struct {
	kept []trip // the oldest first
}

type trip struct {
	at   time.Time
	took time.Duration
}

// add keeps one, and as few others as it may.
func (r *roundTrips) add(took time.Duration) {
	// task 12.4: See tripsKept and tripsFor.
	r.kept = append(r.lately(), trip{time.Now(), took})
	if len(r.kept) > tripsKept {
		r.kept = r.kept[1:]
	}
	// end task 12.4
}

// lately returns those that count now.
func (r *roundTrips) lately() []trip {
	// task 12.4: See tripsFor.
	first := slices.IndexFunc(r.kept, func(t trip) bool { return time.Since(t.at) < tripsFor })
	if first < 0 {
		return nil
	}
	return r.kept[first:]
	// end task 12.4
}

// Percentiles describe the round trips of the last five minutes, in milliseconds. They are zero when
// there was none.
type Percentiles struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// RoundTrips returns the percentiles now.
func (m *Metrics) RoundTrips() Percentiles {
	m.mu.Lock()
	defer m.mu.Unlock()
	var took []time.Duration
	for _, t := range m.trips.lately() {
		took = append(took, t.took)
	}
	slices.Sort(took)
	return Percentiles{
		Count: len(took),
		P50:   milliseconds(percentile(took, 50)),
		P95:   milliseconds(percentile(took, 95)),
		P99:   milliseconds(percentile(took, 99)),
		Max:   milliseconds(percentile(took, 100)),
	}
}

// percentile returns the smallest of the sorted values that at least p percent of them do not exceed,
// zero if there is none.
func percentile(sorted []time.Duration, p int) time.Duration {
	// task 12.4: It is one of the values (nearest rank).
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(float64(p*len(sorted)) / 100))
	return sorted[rank-1]
	// end task 12.4
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
