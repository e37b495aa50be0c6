package chat_test

import (
	"strings"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// deep is a message in which so many objects and arrays lie in one another; none of them matters.
func deep(levels int) string {
	open, end := "", ""
	for i := range levels - 1 {
		if i%2 == 0 {
			open, end = open+"[", "]"+end
		} else {
			open, end = open+`{"a":`, "}"+end
		}
	}
	return `{"type":"message","timestamp":` + open + "1" + end + `,"data":"hi"}`
}

// Task 4.7: Nested deeper than 8; the message itself is the first.
func TestTooDeep(t *testing.T) {
	refusals(t,
		"want: too_deep", deep(9), deep(20), deep(3000),
		`{"type":"message","data":"]]]]]]]]]]","timestamp":[[[[[[[[1]]]]]]]]}`, `{"type":"message","data":"\"","timestamp":[[[[[[[[1]]]]]]]],"from":"\""}`,
		`{"type":"message","data":"\\","timestamp":[[[[[[[[1]]]]]]]]}`,
		"want: too_deep invalid_json", strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 20_000),
		"want: too_deep invalid_json invalid_field", `{"type":"message","data":`+strings.Repeat("[", 11_000)+strings.Repeat("]", 11_000)+`}`,
	)
}

// Task 4.7: Nested 8 deep is not too deep, and brackets in a text do not count.
func TestDeepEnough(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana := s.join("ana", "den")
		ana.Send(deep(9))
		wantError(w, ana, deep(9), "too_deep")
		for _, text := range []string{
			deep(8), deep(2), `{"type":"message","data":"hi","timestamp":[[1],[2],[3],[4],[5],[6],[7],[8],[9]]}`,
			`{"type":"message","data":"hi","timestamp":[{"a":{},"b":{},"c":{}},{"[{[{[{[{[{":[]}]}`,
			`{"type":"message","from":"\\","to":"[[[[[[[[[[","data":"hi"}`,
		} {
			ana.Send(text)
			hear(w, ana, fields{"type": "message", "data": "hi"})
		}
		for _, text := range []string{"[[[[[[[[[[", "{[{[{[{[{[", `"[[[[[[[[[[`, `\`, `\"[[[[[[[[[[`, `"`, `\\"{{{{{{{{{{`} {
			say(ana, "message", text)
			hear(w, ana, fields{"type": "message", "data": text})
		}
		hearNoMore(w, ana)
	})
}
