package testclient

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
	"unsafe"
)

// How much of a timeline is kept and how much is shown: its first lines tell how the test
// began, its last ones what was done last, those about the mark what went wrong.
const (
	timelineKeptHead = 2000
	timelineKeptTail = 200
	timelineLines    = 40
	timelineWidth    = 80
)

// timelineRoom is what is left of timelineWidth when package testing has indented a line, or
// a report has.
func timelineRoom() int {
	if graded() {
		return timelineWidth - 2
	}
	return timelineWidth - 4
}

// timeline keeps the first and the last events of a World, however many there are. Its lock
// is hidden from the race detector; see race.go.
type timeline struct {
	mu   sync.Mutex // guards what follows, and each event's text
	n    int
	head []*event                 // the first ones, at most timelineKeptHead
	tail [timelineKeptTail]*event // the last of those that follow, each at its number modulo
}

// event is a line of the timeline. Without a name it is a note of the test itself.
type event struct {
	at   time.Duration
	who  string
	what string
	data *glimpse // follows what; shown only when the timeline is
}

//go:norace
func (tl *timeline) lock() {
	raceSent(unsafe.Pointer(&tl.n))
	raceOff()
	tl.mu.Lock()
}

//go:norace
func (tl *timeline) unlock() {
	tl.mu.Unlock()
	raceOn()
}

// add adds a line, which amend may change.
//
//go:norace
func (tl *timeline) add(e *event) {
	tl.lock()
	defer tl.unlock()
	tl.n++
	if len(tl.head) < timelineKeptHead {
		tl.head = append(tl.head, e)
		return
	}
	tl.tail[tl.n%timelineKeptTail] = e // no copy: the detector would see one
}

// amend adds to a line.
//
//go:norace
func (tl *timeline) amend(e *event, more string) {
	tl.lock()
	defer tl.unlock()
	e.what += more
}

// text returns the timeline in at most limit lines, each with its newline.
func (tl *timeline) text(limit int, show focus) string {
	tl.lock()
	defer tl.unlock()
	raceOn() // what is shown was made by others
	raceGot(unsafe.Pointer(&tl.n))
	defer raceOff()
	var rows []row
	for _, e := range tl.head {
		rows = append(rows, row{e: e})
	}
	first := max(len(tl.head), tl.n-timelineKeptTail)
	if lost := first - len(tl.head); lost > 0 {
		rows = append(rows, row{more: lost})
	}
	for i := first; i < tl.n; i++ {
		rows = append(rows, row{e: tl.tail[(i+1)%timelineKeptTail]})
	}
	return render(elide(insert(rows, show.why), limit, show), show.mark)
}

// insert puts events, all of one moment, behind what has happened by then.
func insert(rows []row, events []*event) []row {
	if len(events) == 0 {
		return rows
	}
	at := len(rows)
	for at > 0 && rows[at-1].e != nil && rows[at-1].e.at > events[0].at {
		at--
	}
	var in []row
	for _, e := range events {
		in = append(in, row{e: e})
	}
	return slices.Insert(rows, at, in...)
}

func render(rows []row, mark *event) string {
	width, hour := 0, 7
	for _, r := range rows {
		if r.e != nil {
			width = min(16, max(width, utf8.RuneCountInString(r.e.who)))
			hour = max(hour, utf8.RuneCountInString(clock(r.e.at)))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		if r.e == nil {
			fmt.Fprintf(&b, "%*s… %d more …\n", hour+2, "", r.more)
			continue
		}
		line := r.e.line(hour, width)
		if r.e == mark && line[0] == ' ' {
			line = "✗" + line[1:]
		}
		b.WriteString(cut(strings.TrimRight(line, " "), timelineRoom()) + "\n")
	}
	return b.String()
}

// line writes the event with so many columns for the moment and the name.
func (e *event) line(hour, width int) string {
	who := e.who
	if utf8.RuneCountInString(who) > width {
		who = string([]rune(who)[:width-1]) + "…"
	}
	line := fmt.Sprintf("%*s  %-*s %s", hour, clock(e.at), width, who, e.what)
	if e.data != nil {
		line += e.data.in(timelineRoom() - utf8.RuneCountInString(line))
	}
	return line
}

// cut shortens s to width columns. A size at its end stays.
func cut(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	size := sizeNote.FindString(s)
	if size == s {
		size = ""
	}
	s = strings.TrimSuffix(s, size)
	keep := max(0, width-utf8.RuneCountInString(size)-1)
	return strings.TrimSuffix(string([]rune(s)[:keep]), "…") + "…" + size
}

var sizeNote = regexp.MustCompile(`"? \(\d+ bytes\)$`)

// clock writes a moment: "0s", "1.2s", "60s", "3m10s".
func clock(d time.Duration) string {
	if d >= time.Millisecond {
		d = d.Round(time.Millisecond)
	}
	if d <= 2*time.Minute && d >= time.Second {
		text := fmt.Sprintf("%d.%09d", d/time.Second, d%time.Second)
		return strings.TrimRight(strings.TrimRight(text, "0"), ".") + "s"
	}
	return d.String()
}
