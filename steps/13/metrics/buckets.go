package metrics

import "github.com/prometheus/client_golang/prometheus"

// A histogram tells a percentile only as well as its buckets fit: what is above the last bound is
// "more than that", and no more can be said.

// durations are the bounds for how long connections last, in seconds.
func durations() []float64 {
	// task 12.2: How long may a connection last?
	const minute, hour = 60, 60 * 60
	return []float64{1, 10, minute, 5 * minute, 15 * minute, hour, 4 * hour, 12 * hour, 24 * hour}
	// end task 12.2
}

// sizes are the bounds for messages, in bytes.
func sizes() []float64 {
	// task 12.3: How long may a message be?
	return prometheus.ExponentialBuckets(64, 4, 6) // to 64 KiB
	// end task 12.3
}

// short are the bounds for what takes microseconds, in seconds.
func short() []float64 { return prometheus.ExponentialBuckets(10e-6, 10, 6) } // to 1 s

// trips are the bounds for times over the network and back, in seconds.
func trips() []float64 {
	// task 12.4: How long may an answer take, over a cable, and from a phone in a train?
	return []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	// end task 12.4
}
