package chat_test

import (
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
)

// Task 6.3: A page that waits for retry_after_ms, and sends it again then, loses nothing.
//
// Rules: 6.r.
func TestPageWaitsAndSendsAgain(t *testing.T) {
	run(t, limited(3, 10*time.Second), func(w *testclient.World, s *server) {
		bob := s.join("bob", "den")
		p := testpage.Open(w, s.Server, "/chat.js", testclient.Latency(400*time.Microsecond))
		p.Run(`
const unsent = ["0", "1", "2", "3", "4", "5", "6", "7"];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page?room_id=den",
  onState: (state) => state === "open" && next(),
  onMessage(message) {
    if (message.type === "message" && unsent.shift() && unsent.length) next();
    if (message.code === "rate_limited") setTimeout(next, message.data.retry_after_ms);
  },
});
const next = () => client.send({ type: "message", data: unsent[0] });
client.connect();`)
		p.Within(25*time.Second).Await("have sent all of it", "unsent.length === 0")
		for _, text := range strings.Fields("0 1 2 3 4 5 6 7") {
			hear(bob, text)
		}
		bob.Silence(time.Second)
	})
}
