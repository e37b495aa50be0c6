package grade

import (
	"encoding/json"
	"strings"
	"time"

	"wsworkshop/scripts/internal/result"
)

// outcome is what one test did.
type outcome struct {
	test    string
	ended   bool // with a verdict of package testing
	passed  bool
	raced   bool   // the race detector spoke before anything else failed
	told    *told  // what testclient said
	died    death  // why the process ended in the middle of it
	output  ring   // what was printed meanwhile
	hung    string // the test that took the time of this one
	virtual time.Duration
}

// death is how a process ended that should have gone on.
type death int

const (
	alive   death = iota
	exited        // by itself: a panic, os.Exit
	stopped       // by us: it did not end in time
	flooded       // by us: it printed too much
	skipped       // it was never started: time was up
)

// told is a failure as testclient tells it.
type told struct {
	Verdict  result.Verdict `json:"verdict"`
	Message  string         `json:"message"`
	Timeline string         `json:"timeline"`
	File     string         `json:"file"`
	Line     int            `json:"line"`
	At       []result.Frame `json:"at"`
	Look     int            `json:"look"` // index in At of the call to blame
	Late     bool           `json:"late"` // found when the test itself was over
}

// late reports whether the test had said all it had to say when this was found.
func (t *told) late() bool { return t.Late || t.Verdict == result.Leak }

// The attributes by which testclient tells.
const (
	attrFailure = "workshop.failure"
	attrVirtual = "workshop.virtual"
)

func (o *outcome) attr(key, value string) {
	switch key {
	case attrFailure:
		var t told
		if o.told == nil && json.Unmarshal([]byte(value), &t) == nil {
			o.told = &t
		}
	case attrVirtual:
		d, _ := time.ParseDuration(value)
		o.virtual += d
	}
}

// print takes a piece of what the test's process printed, a line at most.
func (o *outcome) print(text string) {
	if o.told == nil && strings.Contains(text, "WARNING: DATA RACE") {
		o.raced = true
	}
	o.output.add(text)
}

// ok reports whether the test ran to its end and found no fault.
func (o *outcome) ok() bool { return o != nil && o.ended && o.passed && o.died == alive && !o.raced }

// notRun reports whether there was no time for the test.
func (o *outcome) notRun() bool { return o != nil && o.died == skipped }

// ring keeps the first and the last of what is printed: a fault stands at one of the ends.
type ring struct {
	head, tail []string
	headSize   int
	tailSize   int
}

// ringSize is how many bytes each end keeps.
const ringSize = 128 << 10

func (r *ring) add(text string) {
	if r.headSize < ringSize {
		r.head = append(r.head, text)
		r.headSize += len(text)
		return
	}
	r.tail = append(r.tail, text)
	r.tailSize += len(text)
	for r.tailSize > ringSize && len(r.tail) > 1 {
		r.tailSize -= len(r.tail[0])
		r.tail = r.tail[1:]
	}
}

func (r *ring) String() string { return strings.Join(r.head, "") + strings.Join(r.tail, "") }
