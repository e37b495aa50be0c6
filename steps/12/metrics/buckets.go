package metrics

import "github.com/prometheus/client_golang/prometheus"

// A histogram tells a percentile only as well as its buckets fit: what is above the last bound is
// "more than that", and no more can be said.

// durations are the bounds for how long connections last, in seconds.
func durations() []float64 {
	// TODO(12.2): A connection lasts from a moment to a day.
	return prometheus.DefBuckets // placeholder: they end at 10 s
}

// sizes are the bounds for messages, in bytes.
func sizes() []float64 {
	// TODO(12.3): A message has a few bytes, or 64 KiB.
	return prometheus.DefBuckets // placeholder: they end at 10 bytes
}

// short are the bounds for what takes microseconds, in seconds.
func short() []float64 { return prometheus.ExponentialBuckets(10e-6, 10, 6) } // to 1 s

// trips are the bounds for times over the network and back, in seconds.
func trips() []float64 {
	// TODO(12.4): A cable takes a millisecond, a phone in a train many seconds.
	return []float64{1} // placeholder
}
