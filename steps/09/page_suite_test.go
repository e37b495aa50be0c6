package chat_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/steps/09"
)

// office is a network that lets no WebSocket through, unless it is told to. It counts the POSTs.
type office struct {
	http.Handler

	mu        sync.Mutex
	allowed   bool
	mute      bool                                 // a WebSocket opens, and brings nothing
	takes     time.Duration                        // each handshake of a WebSocket
	delay     time.Duration                        // of each POST
	answer    func(n int, body string) (int, bool) // of the n-th POST, beginning with 1; false: the server answers
	posts     []string
	most, now int // POSTs under way at the same time
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case websocket.IsWebSocketUpgrade(r) && strings.HasPrefix(r.URL.Path, "/ws/page"):
		o.mu.Lock()
		allowed, takes, mute := o.allowed, o.takes, o.mute
		o.mu.Unlock()
		time.Sleep(takes)
		if mute {
			swallow(w, r)
			return
		}
		if !allowed {
			http.Error(w, "no WebSocket in this office", http.StatusForbidden)
			return
		}
	case r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/events/page"):
		if o.post(w, r) {
			return
		}
	}
	o.Handler.ServeHTTP(w, r)
}

// swallow is the server's end of a WebSocket through a network that swallows its frames.
func swallow(w http.ResponseWriter, r *http.Request) {
	conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	for err == nil {
		_, _, err = conn.ReadMessage()
	}
}

// post counts a POST, and tells whether it has answered it.
func (o *office) post(w http.ResponseWriter, r *http.Request) bool {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	o.mu.Lock()
	o.posts = append(o.posts, string(body))
	n := len(o.posts)
	o.now++
	o.most = max(o.most, o.now)
	delay, answer := o.delay, o.answer
	o.mu.Unlock()
	defer func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.now--
	}()
	time.Sleep(delay)
	if answer == nil {
		return false
	}
	status, ok := answer(n, string(body))
	if ok && status == noAnswer {
		panic(http.ErrAbortHandler)
	}
	if ok {
		w.WriteHeader(status)
	}
	return ok
}

const noAnswer = -1

// set changes what the office does.
func (o *office) set(change func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change()
}

// withOffice is a test of a page in an office, with the learner's own server. The scripts are loaded in order.
func withOffice(t *testing.T, scripts []string, fn func(w *testclient.World, s *server, o *office, p *testpage.Page), opts ...testclient.DialOption) {
	testclient.Run(t, func(w *testclient.World) {
		chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
		chattest.AnswerHeartbeats(w)
		cfg := failing
		cfg.ResumeWindow, cfg.MaxMessageSize, cfg.OutboxSize = 2*time.Minute, 5000, 1000
		cfg.Logger = w.Logger()
		made, err := chat.New(cfg)
		require.NoError(w, err, "chat.New")
		o := &office{Handler: made}
		s := &server{chattest.Serve(w, o, cfg), w, made}
		s.Cleanup("Close()", func() { made.Close() })
		p := testpage.Open(w, s.Server.Server, scripts[0], opts...)
		for _, script := range scripts[1:] {
			p.Load(script)
		}
		fn(w, s, o, p)
	})
}

// socketOf makes an EventSocket in the page. Its events go into the variable got.
func socketOf(p *testpage.Page, s *server) {
	p.Run(fmt.Sprintf(`const got = [];
const socket = new EventSocket(%q), fresh = socket.readyState;
socket.onopen = () => got.push("open");
socket.onmessage = ({ data }) => {
  const { type, data: text } = JSON.parse(data);
  got.push(type === "welcome" ? type : type + " " + text);
};
socket.onclose = ({ code, reason, unsent }) => got.push(["close", code, reason, JSON.stringify(unsent)].join(" ").trim());`,
		strings.Replace(s.URL(), "http", "ws", 1)+"/ws/page?room_id=den"))
}

// says is the page's expression that sends a text to the room.
func says(text string) string {
	return fmt.Sprintf(`JSON.stringify({ type: "message", data: %q })`, text)
}

// expectGot fails unless these are the events that have come to the page so far.
func expectGot(w *testclient.World, p *testpage.Page, why string, want ...string) {
	w.Helper()
	w.Settle()
	var got []string
	p.Get("got", &got)
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		w.Fatalf("the EventSocket has had the events %q, want %q: %s", got, want, why)
	}
}

// clientOf makes a ChatClient in the page. Its states and messages go into the variables states and got.
func clientOf(p *testpage.Page, s *server, options string) {
	p.Run(fmt.Sprintf(`const states = [], got = [];
const client = new ChatClient({
  url: %q,
  onState: (state, detail) => states.push(state + (state === "open" ? " " + client.transport : "")),
  onMessage: ({ type, data }) => got.push(type === "welcome" ? type : type + " " + data),
  random: () => 0, %s
});
const say = (data) => client.send({ type: "message", data });`,
		strings.Replace(s.URL(), "http", "ws", 1)+"/ws/page?room_id=den", options))
}
