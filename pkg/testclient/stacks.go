package testclient

import (
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// goroutine is what the runtime prints of one.
type goroutine struct {
	id      int
	state   string // "chan receive", "sync.Mutex.Lock", …
	durable bool   // blocked in a way that lets a bubble's time go on
	bubble  int    // 0: none
	frames  []place
	creator place  // the go statement that started it
	peer    string // the client whose connection it waits to write to; see withPeers
}

// allGoroutines takes the stacks of the whole process.
func allGoroutines() []goroutine {
	for size := 1 << 20; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size || size >= 1<<28 {
			return parseStacks(string(buf[:n]))
		}
	}
}

// thisGoroutine takes the caller's own header; its frames are cut short.
func thisGoroutine() goroutine {
	buf := make([]byte, 512)
	all := parseStacks(string(buf[:runtime.Stack(buf, false)]))
	if len(all) == 0 {
		return goroutine{}
	}
	return all[0]
}

// inBubble filters by bubble, in the order in which they were started.
func inBubble(all []goroutine, bubble int) []goroutine {
	var in []goroutine
	for _, g := range all {
		if g.bubble == bubble {
			in = append(in, g)
		}
	}
	slices.SortFunc(in, func(a, b goroutine) int { return a.id - b.id })
	return in
}

var header = regexp.MustCompile(`^goroutine (\d+)[^\[]*\[(.*)\]:$`)

// parseStacks reads the runtime's text for one or several goroutines.
func parseStacks(text string) []goroutine {
	var all []goroutine
	var function string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if m := header.FindStringSubmatch(line); m != nil {
			all = append(all, parseHeader(m[1], m[2]))
			continue
		}
		if len(all) == 0 || line == "" {
			continue
		}
		g := &all[len(all)-1]
		if !strings.HasPrefix(line, "\t") {
			function = line
			continue
		}
		g.addFrame(function, strings.TrimSpace(line))
	}
	return all
}

func parseHeader(id, status string) goroutine {
	var g goroutine
	g.id, _ = strconv.Atoi(id)
	parts := strings.Split(status, ", ")
	g.state = parts[0]
	if s, ok := strings.CutSuffix(g.state, " (durable)"); ok {
		g.state, g.durable = s, true
	}
	for _, p := range parts[1:] {
		if n, ok := strings.CutPrefix(p, "synctest bubble "); ok {
			n, _, _ = strings.Cut(n, " ") // labels may follow
			g.bubble, _ = strconv.Atoi(n)
		}
	}
	return g
}

var escapes = strings.NewReplacer("%2e", ".", "%25", "%", "%22", `"`)

// addFrame takes a frame's two lines: "pkg.f(0x1, ...)" or "created by pkg.f in
// goroutine 7", and "/path/file.go:12 +0x34".
func (g *goroutine) addFrame(function, where string) {
	where, _, _ = strings.Cut(where, " +0x")
	colon := strings.LastIndexByte(where, ':')
	if colon < 0 {
		return
	}
	line, _ := strconv.Atoi(where[colon+1:])
	f := place{File: where[:colon], Line: line}
	if creator, ok := strings.CutPrefix(function, "created by "); ok {
		f.Func, _, _ = strings.Cut(creator, " in goroutine ")
		f.Func = escapes.Replace(f.Func)
		g.creator = f
		return
	}
	if paren := strings.LastIndexByte(function, '('); paren > 0 {
		function = function[:paren]
	}
	f.Func = escapes.Replace(function)
	g.frames = append(g.frames, f)
}

// owned returns the frames that belong to who, innermost first.
func (g *goroutine) owned(who owner) []place {
	var own []place
	for _, f := range g.frames {
		if ownerOf(f.Func, f.File) == who {
			own = append(own, f)
		}
	}
	return own
}

// at writes a frame for a reader: "hub.go:41, in (*Hub).run".
func (f place) at() string {
	return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line) + ", in " + shortFunc(f.Func)
}
