package testclient

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// How much of a timeline is shown: its first lines tell how the test began, its last ones
// what went wrong.
const (
	timelineLines = 40
	timelineHead  = 12
	timelineWidth = 80
)

// timeline keeps the first and the last events of a World, however many there are.
type timeline struct {
	mu   sync.Mutex
	n    int
	head []*event // at most timelineLines
	tail []*event // the last ones, at most twice timelineLines
}

// event is a line of the timeline. Without a name it is a note of the test itself.
type event struct {
	at   time.Duration
	who  string
	what string
	data *glimpse // follows what; shown only when the timeline is
}

// add adds a line, which amend may change.
func (tl *timeline) add(e *event) {
	tl.mu.Lock()
	defer tl.mu.Unlock()
	tl.n++
	if len(tl.head) < timelineLines {
		tl.head = append(tl.head, e)
		return
	}
	if len(tl.tail) == 2*timelineLines {
		tl.tail = append(tl.tail[:0], tl.tail[timelineLines:]...)
	}
	tl.tail = append(tl.tail, e)
}

// amend adds to a line.
func (tl *timeline) amend(e *event, more string) {
	tl.mu.Lock()
	defer tl.mu.Unlock()
	e.what += more
}

// text returns the timeline in at most limit lines, each with its newline.
func (tl *timeline) text(limit int) string {
	tl.mu.Lock()
	defer tl.mu.Unlock()
	if tl.n <= limit {
		return render(tl.head)
	}
	head := min(timelineHead, limit/3)
	last := append(append([]*event{}, tl.head...), tl.tail...)
	tail := limit - head - 1
	shown := append(append([]*event{}, tl.head[:head]...), last[len(last)-tail:]...)
	lines := strings.SplitAfter(render(shown), "\n")
	gap := fmt.Sprintf("%9s… %d more …\n", "", tl.n-head-tail)
	return strings.Join(lines[:head], "") + gap + strings.Join(lines[head:], "")
}

func render(events []*event) string {
	width := 0
	for _, e := range events {
		width = max(width, utf8.RuneCountInString(e.who))
	}
	width = min(width, 16)
	var b strings.Builder
	for _, e := range events {
		who := e.who
		if utf8.RuneCountInString(who) > width {
			who = string([]rune(who)[:width-1]) + "…"
		}
		line := fmt.Sprintf("%7s  %-*s %s", clock(e.at), width, who, e.what)
		if e.data != nil {
			line += e.data.String()
		}
		b.WriteString(cut(strings.TrimRight(line, " "), timelineWidth))
		b.WriteByte('\n')
	}
	return b.String()
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
		return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
	}
	return d.String()
}
