package testclient

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"
)

func (f failure) human() string {
	text := strings.TrimRight(f.Message, "\n")
	if f.File != "" {
		text = fmt.Sprintf("%s:%d: %s", filepath.Base(f.File), f.Line, text)
	}
	text = wrap(text, timelineWidth-4) // as far as package testing indents
	if f.Timeline != "" {
		text += "\n" + f.Timeline
	}
	return text
}

// wrap breaks lines that are too long at their spaces, keeping their indentation.
func wrap(text string, width int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		for utf8.RuneCountInString(line) > width {
			head := string([]rune(line)[:width+1])
			at := strings.LastIndexByte(head, ' ')
			if at <= len(indent) {
				break
			}
			b.WriteString(strings.TrimRight(line[:at], " ") + "\n")
			line = indent + strings.TrimLeft(line[at:], " ")
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// attrRoom is how long a line may be that go tool test2json passes on whole (4096 bytes,
// with the frame and the test's name).
const attrRoom = 3600

// mostFrames is how many calls in the code under test are told.
const mostFrames = 6

// encode writes f in one line that fits attrRoom, cutting the timeline first.
func (f failure) encode(tl *timeline) string {
	from := max(0, f.Look+1-mostFrames)
	f.At = append([]place{}, f.At[from:min(len(f.At), from+mostFrames)]...) // never null
	f.Look -= from
	var text []byte
	for _, limit := range []int{timelineLines, 30, 20, 12, 6, 0} {
		f.Timeline = ""
		if limit > 0 {
			f.Timeline = tl.text(limit, f.show)
		}
		if text = marshal(f); len(text) <= attrRoom {
			return string(text)
		}
	}
	whole := f.Message
	keep := sort.Search(len(whole), func(n int) bool { // the shortest that is too long
		f.Message = strings.ToValidUTF8(whole[:n+1], "") + " …"
		return len(marshal(f)) > attrRoom
	})
	f.Message = strings.ToValidUTF8(whole[:keep], "") + " …"
	return string(marshal(f))
}

func marshal(v any) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings and numbers only
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
