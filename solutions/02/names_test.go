package chat_test

import (
	"net/url"
	"strings"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/02"
)

// Task 2.1 (10 points): A name is checked before the upgrade.
func TestNamesAreChecked(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *testclient.Server) {
		for _, name := range []string{"ana", "B", "7", "_", "-", "Ana-Maria_07", strings.Repeat("x", 32)} {
			dial(w, s, name)
		}
		for _, name := range []string{"", strings.Repeat("x", 33), "ana maria", " ana", "ana\n", "añá", "ana:", "*", "a/b", "<b>ana</b>"} {
			s.Refused("/ws?name="+url.QueryEscape(name), []int{400}, testclient.As("nobody"))
		}
		s.Refused("/ws", []int{400}, testclient.As("nobody"))
		dial(w, s, "zoe")
	})
}
