package conformance

import (
	"fmt"
	"strings"
)

// Verdict is how a case ended.
type Verdict int

// The verdicts, from good to bad.
const (
	OK            Verdict = iota // the server did what the RFC asks
	NonStrict                    // it did what it must, and not all that it should
	Informational                // the RFC leaves it open
	Failed                       // it broke a rule
)

// String returns "OK", "non-strict", "informational" or "failed".
func (v Verdict) String() string {
	switch v {
	case OK:
		return "OK"
	case NonStrict:
		return "non-strict"
	case Informational:
		return "informational"
	case Failed:
		return "failed"
	}
	return fmt.Sprintf("Verdict(%d)", int(v))
}

// Result is what a case found.
type Result struct {
	Case
	Verdict Verdict

	// Did is what the server did that it should not have done. It completes the sentence "The
	// server …" and has no payloads. Empty if the verdict is OK.
	Did string

	// Section is where RFC 6455 asks for something else. It may be another one than the case's.
	Section string

	// Transcript is what passed over the wire, and when.
	Transcript []string

	detail string // the subject of a failure: which bytes differ, or the report of testclient
}

// String reports a result in several lines: what the server did, what the RFC asks, and what passed
// over the wire.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.ID, r.Verdict)
	switch {
	case r.Verdict == Informational:
		fmt.Fprintf(&b, ": the server %s.", r.Did)
	case r.Did != "":
		fmt.Fprintf(&b, ": the server %s (RFC 6455, section %s).", r.Did, r.Section)
	}
	fmt.Fprintf(&b, "\n  The client: %s\n  Section %s: %s\n", r.Title, r.Case.Section, r.Asks)
	if r.detail != "" {
		fmt.Fprintf(&b, "  %s\n", strings.ReplaceAll(strings.TrimSpace(r.detail), "\n", "\n  "))
	}
	for _, line := range r.Transcript {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}
