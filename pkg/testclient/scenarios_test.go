package testclient_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/internal/faulty"
	"wsworkshop/pkg/testclient/program"
	overlay "wsworkshop/pkg/testclient/sync"
)

// scenario is a test that must fail, or a freeze that must end the process. What it says is
// in testdata/golden, under its name.
type scenario struct {
	name string
	test func(w *World)
}

// say is a server that sends texts to whoever comes.
func say(texts ...string) http.Handler {
	var frames []Frame
	for _, text := range texts {
		frames = append(frames, TextFrame(text))
	}
	return faulty.Sends(frames...)
}

// ana connects to a server.
func ana(w *World, h http.Handler, opts ...DialOption) *Client {
	w.Helper()
	return w.Serve(h).Dial("/ws", append(opts, As("ana"))...)
}

// start runs each in a goroutine of its own, until it waits.
func start(w *World, all ...func()) {
	for _, fn := range all {
		go fn()
		w.Settle()
	}
}

func isText(text string) func(Message) bool {
	return func(m Message) bool { return m.Text() == text }
}

var messages = []scenario{
	{"text-missing", func(w *World) { ana(w, say()).ExpectText("hello") }},
	{"text-wrong", func(w *World) { ana(w, say("hallo")).ExpectText("hello") }},
	{"text-space", func(w *World) { ana(w, say("hello\n")).ExpectText("hello") }},
	{"text-order", func(w *World) { ana(w, say("two", "one")).ExpectText("one") }},
	{"text-twice", func(w *World) {
		c := ana(w, say("one", "one", "two"))
		c.ExpectText("one")
		c.ExpectText("two")
	}},
	{"text-long", func(w *World) {
		long := string(make([]byte, 5000))
		ana(w, say(long)).ExpectText(long[:3000] + "x" + long[:1999])
	}},
	{"text-as-binary", func(w *World) { ana(w, faulty.Sends(BinaryFrame([]byte("hi")))).ExpectText("hi") }},
	{"binary-as-text", func(w *World) { ana(w, say("hi")).ExpectBinary([]byte("hi")) }},
	{"text-but-closed", func(w *World) {
		ana(w, faulty.Sends(NewFrame(OpClose, []byte("\x03\xe9bye")))).ExpectText("hello")
	}},
	{"text-but-cut", func(w *World) {
		ana(w, faulty.Session(func(net.Conn, *bufio.Reader) {})).ExpectText("hello")
	}},
	{"expect-other", func(w *World) {
		ana(w, say(`{"type":"joined"}`)).Expect("a welcome", isText("welcome"))
	}},
	{"expect-two-documents", func(w *World) {
		ana(w, say("{\"type\":\"a\"}\n{\"type\":\"b\"}")).Expect("a welcome", isText("welcome"))
	}},
	{"await-missing", func(w *World) { ana(w, say("one", "two", "three")).Await("four", isText("four")) }},
	{"next-missing", func(w *World) { ana(w, say()).Within(90 * time.Second).Next() }},
	{"silence-broken", func(w *World) {
		ana(w, faulty.Session(func(conn net.Conn, in *bufio.Reader) {
			time.Sleep(2 * time.Second)
			_, _ = conn.Write(Frame{Fin: true, Opcode: OpText, Payload: []byte("psst")}.Bytes())
			_, _ = in.ReadByte()
		})).Silence(10 * time.Second)
	}},
	{"silence-unread", func(w *World) {
		c := ana(w, say("one", "one"))
		w.Sleep(time.Second)
		c.ExpectText("one")
		c.Silence(10 * time.Second)
	}},
	{"silence-closed", func(w *World) {
		ana(w, faulty.Sends(NewFrame(OpClose, []byte("\x03\xe8")))).Silence(time.Second)
	}},
	{"silence-cut", func(w *World) {
		ana(w, faulty.Session(func(net.Conn, *bufio.Reader) {})).Silence(time.Second)
	}},
	{"json-not", func(w *World) { _ = ana(w, say("hello")).Next().JSON(&struct{}{}) }},
	{"json-binary", func(w *World) {
		_ = ana(w, faulty.Sends(BinaryFrame([]byte("{}")))).Next().JSON(&struct{}{})
	}},
	{"json-two-documents", func(w *World) { _ = ana(w, say("{}\n{}")).Next().JSON(&struct{}{}) }},
	{"json-rest", func(w *World) { _ = ana(w, say("{}]")).Next().JSON(&struct{}{}) }},
}

var endings = []scenario{
	{"close-missing", func(w *World) { ana(w, say("hello")).ExpectClose(1001) }},
	{"close-other", func(w *World) {
		ana(w, faulty.Sends(NewFrame(OpClose, []byte("\x03\xe8bye")))).ExpectClose(1001, 1012)
	}},
	{"close-without-code", func(w *World) { ana(w, faulty.Sends(NewFrame(OpClose, nil))).ExpectClose(1001) }},
	{"close-but-cut", func(w *World) {
		ana(w, faulty.Session(func(net.Conn, *bufio.Reader) {})).ExpectClose(1001)
	}},
	{"end-missing", func(w *World) { ana(w, say()).ExpectEnd() }},
	{"hung-up-missing", func(w *World) {
		c := ana(w, faulty.Session(func(_ net.Conn, in *bufio.Reader) {
			_, _ = in.ReadByte()
			time.Sleep(10 * time.Second)
		}))
		c.Cut()
		c.ServerHungUp(5 * time.Second)
	}},
	{"send-unread", func(w *World) {
		c := ana(w, faulty.Session(func(net.Conn, *bufio.Reader) { time.Sleep(time.Minute) }), Buffer(100))
		for range 10 {
			c.Send("as long as this")
		}
	}},
}

var handshakes = []scenario{
	{"dial-404", func(w *World) { ana(w, http.NotFoundHandler()) }},
	{"dial-200", func(w *World) {
		ana(w, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) }))
	}},
	{"dial-unanswered", func(w *World) {
		ana(w, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	}},
	{"dial-accept-wrong", func(w *World) {
		ana(w, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Upgrade", "websocket")
			rw.Header().Set("Connection", "upgrade")
			rw.Header().Set("Sec-WebSocket-Accept", "guess")
			rw.WriteHeader(101)
		}))
	}},
	{"dial-no-upgrade", func(w *World) { ana(w, switching(nil)) }},
	{"dial-no-connection", func(w *World) { ana(w, switching(map[string]string{"Upgrade": "websocket"})) }},
	{"dial-subprotocol", func(w *World) { ana(w, switching(nil, "Sec-WebSocket-Protocol"), Subprotocol("chat")) }},
	{"dial-subprotocol-header", func(w *World) {
		ana(w, switching(nil, "Sec-WebSocket-Protocol"), Header("Sec-WebSocket-Protocol", "chat, talk"))
	}},
	{"dial-extension", func(w *World) { ana(w, switching(nil, "Sec-WebSocket-Extensions")) }},
	{"dial-extension-header", func(w *World) {
		ana(w, switching(nil, "Sec-WebSocket-Extensions"), Header("Sec-WebSocket-Extensions", "permessage-deflate; unasked"))
	}},
	{"dial-403", func(w *World) { ana(w, forbidding) }},
	{"dial-403-origin", func(w *World) { ana(w, forbidding, Header("Origin", "https://evil.example")) }},
	{"do-unsendable", func(w *World) {
		req, _ := http.NewRequest(http.MethodPost, "http://any/x", strings.NewReader("five!"))
		req.ContentLength = 7
		w.Serve(say()).Do(req)
	}},
	{"refused-upgraded", func(w *World) { w.Serve(say()).Refused("/ws", []int{400, 409}, As("ana")) }},
	{"refused-http10", func(w *World) {
		w.Serve(say()).Refused("/ws", []int{400, 426}, As("ana"), HTTP10(), Body("hello"))
	}},
	{"refused-other", func(w *World) { w.Serve(http.NotFoundHandler()).Refused("/ws", []int{409}, As("ana")) }},
	{"get-unanswered", func(w *World) {
		w.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })).Get("/rooms")
	}},
	{"get-not-json", func(w *World) { _ = w.Serve(http.NotFoundHandler()).Get("/rooms").JSON(&struct{}{}) }},
	{"dial-nobody", func(w *World) {
		ln := w.Listen()
		_ = ln.Close()
		w.At(ln).Dial("/ws")
	}},
}

var forbidding = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
	http.Error(rw, "not you", http.StatusForbidden)
})

// switching answers 101 with the headers given or, where none are, with right ones and
// further ones that nobody asked for.
func switching(header map[string]string, further ...string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if len(further) > 0 {
			header = map[string]string{"Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Accept": faulty.Accept(r)}
		}
		for k, v := range header {
			rw.Header().Set(k, v)
		}
		for _, k := range further {
			rw.Header().Set(k, "unasked")
		}
		rw.WriteHeader(101)
	})
}

var violations = []scenario{
	{"violation-masked", func(w *World) { ana(w, faulty.Raw(TextFrame("").Bytes()...)).Next() }},
	{"violation-reserved-bit", func(w *World) { ana(w, faulty.Raw(0xc1, 0)).Next() }},
	{"violation-opcode", func(w *World) { ana(w, faulty.Raw(0x83, 0)).Next() }},
	{"violation-control-fragment", func(w *World) { ana(w, faulty.Raw(0x09, 0)).Next() }},
	{"violation-control-size", func(w *World) { ana(w, faulty.Raw(0x89, 126, 1, 0)).Next() }},
	{"violation-continuation", func(w *World) { ana(w, faulty.Raw(0x80, 0)).Next() }},
	{"violation-fragments", func(w *World) { ana(w, faulty.Raw(0x01, 0, 0x81, 0)).Next() }},
	{"violation-utf8", func(w *World) { ana(w, say("\xff")).Next() }},
	{"violation-after-close", func(w *World) { ana(w, faulty.Raw(0x88, 0, 0x81, 0)).Next() }},
	{"violation-close-1006", func(w *World) { ana(w, faulty.Raw(0x88, 2, 0x03, 0xee)).Next() }},
	{"violation-close-code", func(w *World) { ana(w, faulty.Raw(0x88, 2, 0, 1)).Next() }},
	{"violation-close-half", func(w *World) { ana(w, faulty.Raw(0x88, 1, 3)).Next() }},
}

var others = []scenario{
	{"link-without-connection", func(w *World) { w.Serve(say()).Link(As("bob")).Cut() }},
	{"link-timeline", func(w *World) {
		link := w.Serve(say("hi")).Link(As("bob"))
		c, err := dialGorilla(link)
		require.NoError(w, err)
		_, _, _ = c.ReadMessage()
		_ = c.WriteMessage(websocket.BinaryMessage, []byte{1, 2})
		_ = c.Close()
		link.Down(true)
		_, err = dialGorilla(link)
		require.NoError(w, err)
	}},
	{"fault-of-a-program", func(w *World) {
		program.Blame(w, program.Fault{Verdict: VerdictPanic, Message: "the script threw", Who: "page"})
		w.Sleep(time.Second)
		w.Errorf("never comes so far")
	}},
	{"lacks", func(w *World) { w.Lacks("", "the client should be open within %v; it is not", time.Second) }},

	{"panic-in-handler", func(w *World) { ana(w, http.HandlerFunc(faulty.Panicky)) }},
	{"answered-twice", func(w *World) { w.Serve(http.HandlerFunc(faulty.GoesOn)).Get("/rooms") }},
	{"panic-in-call", func(w *World) { faulty.Panicky(nil, &http.Request{}) }},
	{"returns-not", func(w *World) {
		w.Returns("Close()", time.Minute, func() { _ = faulty.Endless{}.Close() })
	}},
	{"close-returns-not", func(w *World) { ana(w, faulty.Endless{Handler: say("hi")}).ExpectText("hi") }},
	{"close-returns-error", func(w *World) { ana(w, failing{say("hi")}).ExpectText("hi") }},
	{"panic-in-rush", func(w *World) { w.Rush(3, func(int) { faulty.Panicky(nil, &http.Request{URL: &url.URL{}}) }) }},
	{"failnow", func(w *World) { w.FailNow() }},
	{"first-failure-decides", func(w *World) { ana(w, faulty.Endless{Handler: say("hi")}).ExpectText("ho") }},
	{"rush", func(w *World) {
		s := w.Serve(say("hi"))
		w.Rush(5, func(i int) {
			if i == 3 {
				s.Dial("/ws", As("three")).ExpectText("ho")
			}
		})
	}},
	{"log-missing", func(w *World) {
		w.Logger().With("remote", "192.0.2.9").WithGroup("request").Info("hello", "id", 7)
		w.Logs().ExpectRecord("a record that says who left", func(r Record) bool { return r.Message == "left" })
	}},
	{"log-tells-refusal", func(w *World) { logging(w, 409).Dial("/ws", As("ana")) }},
	{"log-tells-end", func(w *World) {
		s := logging(w, 101)
		bob := s.Dial("/ws", As("bob"))
		ana := s.Dial("/ws", As("ana"))
		w.Sleep(time.Second)
		ana.Send("x")
		w.Settle()
		bob.Send("x") // bob's end is logged too, after ana's
		w.Settle()
		ana.Within(2 * time.Second).ExpectText("hello")
	}},
	{"log-of-an-open-connection", func(w *World) {
		logging(w, 101).Dial("/ws", As("ana")).ExpectText("hello")
	}},
	{"testify", func(w *World) {
		ana(w, say("hi")).ExpectText("hi")
		assert.Equal(w, 1, 2, "the first %s", "number")
		require.Len(w, []int{1}, 2)
	}},
	{"testify-map", func(w *World) {
		require.Equal(w, map[string]int{"a": 1, "b": 2}, map[string]int{"a": 1, "b": 3}, "members of den")
	}},
	{"testify-error", func(w *World) { require.NoError(w, errors.New("no room"), "chat.New") }},
	{"testify-true", func(w *World) { require.True(w, false, "the connection is open") }},
	{"long-timeline", func(w *World) {
		c := ana(w, say())
		for range 100 {
			c.Send("hello")
			w.Sleep(time.Second)
		}
		w.Note("now nothing more is sent")
		c.ExpectText("hello")
	}},
	{"lock-held-overlay", func(w *World) {
		s := w.Serve(faulty.NewHub(new(overlay.Mutex)))
		stalled := s.Dial("/ws", As("bob"), Buffer(10))
		stalled.Stall()
		w.Settle() // bob has joined first
		c := s.Dial("/ws", As("ana"))
		for range 4 {
			c.Send("x")
			w.Settle()
		}
		s.Dial("/ws", As("eve")).Await("news", isText("news"))
	}},
	{"write-by-a-reader", func(w *World) {
		s := w.Serve(faulty.NewHub(new(overlay.Mutex)))
		bob := s.Dial("/ws", As("bob"), Buffer(10))
		bob.Stall()
		w.Settle() // bob has joined first
		ana := s.Dial("/ws", As("ana"))
		ana.Send("x")
		ana.Await("news", isText("news"))
		ana.Send("x")
		w.Settle()
		ana.Send("x")
		ana.Await("news", isText("more"))
	}},
	{"write-by-a-writer", func(w *World) {
		s := w.Serve(faulty.Chatty)
		s.Dial("/ws", As("bob"), Buffer(10)).Stall()
		s.Dial("/ws", As("ana"))
		w.Sleep(2 * time.Second)
		w.Lacks("ana", "ana should be a member within %v; she is not.", time.Second)
	}},
	{"chain-select", func(w *World) {
		l := faulty.NewLedger(new(overlay.Mutex))
		start(w, l.Post, func() { l.Size() }, func() { l.Size() }, func() { l.Receive(make(chan int)) })
		w.Lacks("", "the ledger should answer within %v; it does not.", time.Second)
	}},
	{"chain-reader", func(w *World) {
		var mu overlay.RWMutex
		readers, writers := faulty.NewLedger(mu.RLocker()), faulty.NewLedger(&mu)
		start(w, readers.Post, func() { writers.Size() }, func() { writers.Audit() })
		w.Lacks("", "the ledger should answer within %v; it does not.", time.Second)
	}},
	{"chain-self", func(w *World) {
		l := faulty.NewLedger(new(overlay.Mutex))
		start(w, func() { l.Audit() }, func() { l.Size() })
		w.Lacks("", "the ledger should answer within %v; it does not.", time.Second)
	}},
	{"chain-of-two", func(w *World) {
		hub := new(overlay.Mutex)
		first, second := faulty.NewLedger(new(overlay.Mutex)), faulty.NewLedger(hub)
		s := w.Serve(faulty.NewHub(hub))
		bob := s.Dial("/ws", As("bob"), Buffer(10))
		bob.Stall()
		w.Settle() // bob has joined first
		ana := s.Dial("/ws", As("ana"))
		for range 4 {
			ana.Send("x")
			w.Settle()
		}
		start(w, func() { first.Copy(second) }, func() { first.Size() })
		w.Lacks("", "the ledger should answer within %v; it does not.", time.Second)
	}},
	{"leak", func(w *World) { ana(w, faulty.Leaky) }},
	{"leak-of-the-test", func(w *World) { go func() { select {} }() }},
	{"deadlock", func(w *World) {
		var a faulty.Accounts
		a.A, a.B = new(overlay.Mutex), new(overlay.Mutex)
		go a.Move(a.A, a.B)
		a.Move(a.B, a.A)
	}},
}

// logging serves sessions that end with the first byte, or refuses with a status, and logs why.
func logging(w *World, status int) *Server {
	return w.Serve(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		log := w.Logger().With("remote", r.RemoteAddr)
		if status != http.StatusSwitchingProtocols {
			log.Info("handshake refused", "status", status, "reason", "this name is taken")
			http.Error(rw, "no", status)
			return
		}
		log.Info("client connected", "reason", "it asked to")
		faulty.Session(func(_ net.Conn, in *bufio.Reader) {
			_, _ = in.ReadByte()
			log.Info("client disconnected", "reason", errors.New("reads too slowly: its outbox is full"))
		}).ServeHTTP(rw, r)
	}))
}

// failing is a server that cannot be closed.
type failing struct{ http.Handler }

func (failing) Close() error { return errors.New("still at work") }

// freezes end the process, each its own.
var freezes = []scenario{
	{"freeze-lock", func(w *World) {
		s := w.Serve(faulty.NewHub(new(sync.Mutex)))
		stalled := s.Dial("/ws", As("bob"), Buffer(10))
		stalled.Stall()
		w.Settle() // bob has joined first
		c := s.Dial("/ws", As("ana"))
		for range 4 {
			c.Send("x")
			w.Settle()
		}
		s.Dial("/ws", As("eve")).Await("news", isText("news"))
	}},
	{"freeze-package-level", func(w *World) { ana(w, faulty.Shared).Silence(time.Second) }},
	{"freeze-busy", func(w *World) { ana(w, faulty.Busy).Silence(time.Second) }},
	{"freeze-drowsy", func(w *World) { ana(w, faulty.Drowsy).Silence(time.Hour) }},
	{"freeze-sleepless", func(w *World) {
		for range 3 {
			faulty.NewJanitor(3 * time.Millisecond)
		}
		ana(w, say("hi")).ExpectText("hi")
		w.Sleep(100000 * time.Hour)
	}},
	{"freeze-sleepless-often", func(w *World) {
		faulty.NewJanitor(3 * time.Millisecond)
		for range 1000 {
			w.Sleep(100 * time.Hour)
		}
	}},
	{"freeze-real-socket", func(w *World) { ana(w, faulty.Outside).Silence(time.Second) }},
	{"freeze-call-lock", func(w *World) {
		l := faulty.NewLedger(new(overlay.Mutex))
		start(w, l.Post, func() { faulty.Endless{}.Count() })
		l.Size()
	}},
	{"freeze-call", func(w *World) { faulty.Endless{}.Count() }},
}
