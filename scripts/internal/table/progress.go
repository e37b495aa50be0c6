package table

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// Terminal reports whether w is a terminal on which colour is welcome.
func Terminal(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Progress says what long work is at: on a terminal in one line that changes, elsewhere in
// a line now and then. It is safe for concurrent use.
type Progress struct {
	w     io.Writer
	live  bool
	every time.Duration

	mu   sync.Mutex
	said time.Time
	text string
}

// NewProgress writes to w. Where w is no terminal, a line comes at most every 10 seconds.
func NewProgress(w io.Writer) *Progress {
	return &Progress{w: w, live: isTerminal(w), every: 10 * time.Second, said: time.Now()}
}

// Say replaces what was said before.
func (p *Progress) Say(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = fmt.Sprintf(format, args...)
	if p.live {
		fmt.Fprintf(p.w, "\r\x1b[K%s", clip(p.text, Width-1))
		return
	}
	if time.Since(p.said) >= p.every {
		fmt.Fprintln(p.w, p.text)
		p.said = time.Now()
	}
}

// Clear makes room for a report.
func (p *Progress) Clear() { p.Above(func() {}) }

// Above lets a report be printed while work goes on: nothing is said in between.
func (p *Progress) Above(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer print()
	if p.live && p.text != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.text, p.said = "", time.Now()
}

func clip(s string, width int) string {
	if utf8.RuneCountInString(s) <= width {
		return s
	}
	return string([]rune(s)[:width-1]) + "…"
}
