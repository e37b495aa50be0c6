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
	for _, limit := range []int{6, 12, 40} {
		lines := strings.Split(strings.TrimSpace(tl.text(limit, focus{})), "\n")
		require.Len(t, lines, limit)
		require.Contains(t, lines[0], "◀── 0")
		require.Contains(t, lines[limit-1], "◀── 999")
		require.Contains(t, tl.text(limit, focus{}), fmt.Sprintf("… %d more …", 1000-limit+1))
	}
}

func TestTimelineShowsWhatIsAboutTheMark(t *testing.T) {
	var tl timeline
	var mark *event
	for i := range 5000 { // more than are kept
		e := &event{time.Duration(i) * time.Second, "ana", fmt.Sprintf("◀── %d", i), nil}
		if tl.add(e); i == 500 {
			mark = e
		}
	}
	for _, limit := range []int{6, 12, 40} {
		text := tl.text(limit, focus{mark: mark})
		require.Equal(t, limit, strings.Count(text, "\n"), text)
		require.Equal(t, 2, strings.Count(text, "more …"))
		require.Contains(t, text, "\n✗  8m20s  ana ◀── 500\n")
		require.Contains(t, text, "◀── 499\n")
		require.Contains(t, text, "◀── 4999\n")
	}
}

func TestTimelineOfACrowdShowsTheOneItIsAbout(t *testing.T) {
	var tl timeline
	for i := range 1000 {
		who := fmt.Sprintf("client%d", i%50)
		tl.add(&event{time.Duration(i) * time.Second, who, "◀── ", glimpseOf(Text, fmt.Append(nil, i))})
	}
	text := tl.text(40, focus{who: "client7"})
	require.LessOrEqual(t, strings.Count(text, "\n"), 40)
	require.Equal(t, 13, strings.Count(text, "client7 "), text)
	require.Contains(t, text, `client7  ◀── "957"`)
}

func TestTimelineFoldsRuns(t *testing.T) {
	var tl timeline
	for i := range 100 {
		tl.add(&event{0, "ana", "──▶ ", glimpseOf(Text, fmt.Append(nil, i))})
	}
	tl.add(&event{0, "bob", "◀── ", glimpseOf(Text, []byte("0"))})
	require.Equal(t, `     0s  ana ──▶ "0"
         … 98 more …
     0s  ana ──▶ "99"
     0s  bob ◀── "0"
`, tl.text(40, focus{}))
	require.Equal(t, 101, strings.Count(tl.text(200, focus{}), "\n"), "short ones stay whole")
}

func TestTimelineFitsTheTerminal(t *testing.T) {
	var tl timeline
	text := func(s string) *glimpse { return glimpseOf(Text, []byte(s)) }
	tl.add(&event{time.Second, "a-name-that-is-much-too-long-for-a-column", "──▶ ", text(strings.Repeat("ж", 500))})
	tl.add(&event{time.Hour, "bob", "◀── ", text(`{"type":"chat","data":"` + strings.Repeat("ж", 250) + `"}`)})
	tl.add(&event{time.Hour, "bob", "◀── ", glimpseOf(Binary, make([]byte, 5000))})
	for line := range strings.Lines(tl.text(40, focus{})) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSpace(line)), timelineWidth)
	}
	require.Contains(t, tl.text(40, focus{}), "(1000 bytes)")
	require.Contains(t, tl.text(40, focus{}), "(5000 bytes)")
	require.Contains(t, tl.text(40, focus{}), `◀── {"type":"chat"`)
}

func TestMomentsAreInAColumn(t *testing.T) {
	var tl timeline
	tl.add(&event{0, "ana", "(a)", nil})
	tl.add(&event{2*time.Minute + 1234*time.Millisecond, "ana", "(b)", nil})
	require.Equal(t, "      0s  ana (a)\n2m1.234s  ana (b)\n", tl.text(40, focus{}))
}

func TestLongObjectsShowWhatTellsThemApart(t *testing.T) {
	const id = "0193f2ab-7c11-7e07-b1a5-0c2f6e1d9a3b"
	for object, want := range map[string]string{
		`{"type":"error","data":{"message":"a message may be nested 32 levels deep"},"message_id":"m7","timestamp":"2000-01-01T00:00:01Z","code":"missing_field"}`: `{"type":"error","code":"missing_field","message_id":"m7"…}`,
		`{"type":"message","data":"hello","message_id":"` + id + `","timestamp":"2000-01-01T00:00:01Z","from":"ana","room_id":"den"}`:                              `{"type":"message","data":"hello","from":"ana","room_id":"den"…}`,
		`{"type":"message","data":"` + strings.Repeat("ж", 300) + `"}`:                                                                                             `{"type":"message","data":"жжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжж…"}`,
		`{"type":"welcome","data":{"client_id":"ana","room_id":"den"},"message_id":"` + id + `"}`:                                                                  `{"type":"welcome","data":{"client_id":"ana","room_id":"den"}…}`,
		`{"type":"a","list":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22],"n":1}`:                                                                     `{"type":"a","n":1…}`,
		`{"a":1}{"a":2,"b":"` + strings.Repeat("x", 60) + `"}`:                                                                                                     `{"a":1}{"a":2,"b":"xxxxxxxxxxxxxxxxxxxx… (81 bytes)`,
		`{"type":"message","data":"short"}`: `{"type":"message","data":"short"}`,
	} {
		require.Equal(t, want, showText([]byte(object)))
	}
}

func TestErrorsFitTheTimelineWithTheirIDs(t *testing.T) {
	var tl timeline
	tl.add(&event{2 * time.Second, "bob", "◀── ", glimpseOf(Text, []byte(`{"type":"error","data":{"message":"there is nobody of that name here, or not any more"},`+
		`"message_id":"m-1","timestamp":"2000-01-01T00:00:01Z","code":"no_such_client"}`))})
	require.Equal(t, `     2s  bob ◀── {"code":"no_such_client","message_id":"m-1"…}`+"\n", tl.text(40, focus{}))
	require.LessOrEqual(t, utf8.RuneCountInString(tl.text(40, focus{})), 77)
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
