package testclient

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 300 * time.Microsecond: "300µs", time.Millisecond: "1ms", 1200 * time.Millisecond: "1.2s",
		59999 * time.Millisecond: "59.999s", time.Minute: "60s", 190 * time.Second: "3m10s", 2 * time.Hour: "2h0m0s",
	} {
		require.Equal(t, want, clock(d))
	}
}

func TestTimelineKeepsBothEnds(t *testing.T) {
	var tl timeline
	for i := range 1000 {
		tl.add(&event{time.Duration(i) * time.Second, "ana", fmt.Sprintf("◀── %d", i), nil})
	}
	require.LessOrEqual(t, len(tl.head)+len(tl.tail), 3*timelineLines, "what is kept is bounded")
	for _, limit := range []int{6, 12, 40} {
		lines := strings.Split(strings.TrimSpace(tl.text(limit)), "\n")
		require.Len(t, lines, limit)
		require.Contains(t, lines[0], "◀── 0")
		require.Contains(t, lines[limit-1], "◀── 999")
		require.Contains(t, tl.text(limit), fmt.Sprintf("… %d more …", 1000-limit+1))
	}
}

func TestTimelineFitsTheTerminal(t *testing.T) {
	var tl timeline
	text := func(s string) *glimpse { return glimpseOf(Text, []byte(s)) }
	tl.add(&event{time.Second, "a-name-that-is-much-too-long-for-a-column", "──▶ ", text(strings.Repeat("ж", 500))})
	tl.add(&event{time.Hour, "bob", "◀── ", text(`{"type":"chat","data":"` + strings.Repeat("ж", 250) + `"}`)})
	tl.add(&event{time.Hour, "bob", "◀── ", glimpseOf(Binary, make([]byte, 5000))})
	for line := range strings.Lines(tl.text(40)) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSpace(line)), timelineWidth)
	}
	require.Contains(t, tl.text(40), "(1000 bytes)")
	require.Contains(t, tl.text(40), "(5000 bytes)")
	require.Contains(t, tl.text(40), `◀── {"type":"chat"`)
}

func TestShowText(t *testing.T) {
	require.Equal(t, `"hi\n"`, showText([]byte("hi\n")))
	require.Equal(t, `{"type":"chat"}`, showText([]byte(`{"type":"chat"}`)))
	require.Equal(t, `"\xff"`, showText([]byte{0xff}))
}

func TestWrap(t *testing.T) {
	require.Equal(t, "one two\nthree\n  four\n  five\n", wrap("one two three\n  four five", 7))
	require.Equal(t, "unbreakable-word\n", wrap("unbreakable-word", 5))
}
