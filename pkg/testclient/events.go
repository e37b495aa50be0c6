package testclient

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"net/http"
)

const (
	typeEvents  = "text/event-stream"
	lastEventID = "Last-Event-ID"
)

// Events asks for an event stream (server-sent events) with GET, on a connection of its own. The
// test fails unless the answer is 200 with the Content-Type text/event-stream, within a second.
//
// Each event arrives as a text [Message] with its Event and EventID, and all expectations work
// as for a WebSocket. So do the faults of the network. [Client.ExpectStreamEnd] expects the
// end of the stream. A client sends nothing on its stream: the methods that send, and those about
// close frames, panic.
func (s *Server) Events(path string, opts ...DialOption) *Client {
	c, resp := s.TryEvents(path, opts...)
	if c == nil {
		s.w.fatalAt(focus{who: resp.who}, "%s should have been answered with an event stream; the server answered %s%s: %s%s",
			request(resp.req), statusLine(resp.Status), withType(resp), showText(resp.Body), whyNoStream(resp))
	}
	return c
}

// TryEvents asks for an event stream and returns any other answer, such as a refusal. Exactly one
// of the results is nil.
func (s *Server) TryEvents(path string, opts ...DialOption) (*Client, *Response) {
	s.w.checkStopped()
	d := s.options(opts)
	req := s.get(path)
	req.Header.Set("Accept", typeEvents)
	d.apply(req)
	l := s.open(req, d)
	asked := s.w.add(d.name, "──▶ "+request(req), nil)
	resp, err := l.exchange(req, d.patience)
	if err != nil {
		l.raw.kill()
		s.unanswered(d, req, err)
	}
	if resp.StatusCode != http.StatusOK || !isEvents(resp.Header) {
		defer l.raw.kill()
		body, _ := io.ReadAll(io.LimitReader(resp.Body, mostOfRefusal)) // what came of it is shown
		return nil, s.answered(asked, req, resp, body)
	}
	s.note(asked, "◀── 200")
	return newStream(s.w, d, l, resp, false), nil
}

// newStream takes over a connection whose answer is an event stream; read tells whether a program
// is to read it.
func newStream(w *World, d *dialing, l *connection, resp *http.Response, read bool) *Client {
	p := newPeer(w, d, l, resp)
	p.read, p.answer = read, p.answerBy(d.answerBy)
	p.stream = &stream{br: bufio.NewReader(resp.Body), retry: -1}
	if read {
		p.stream.id = resp.Request.Header.Get(lastEventID)
		p.stream.lastID = p.stream.id
	}
	go p.readLoop()
	return &Client{p, patience, nil}
}

// AnswerBy sets how a client of [Server.Events] gives the answers of [World.OnText], because it can
// send nothing on its stream. Each answer is a call of the function, in a goroutine of its own.
// Without AnswerBy the answers are dropped.
func AnswerBy(answer func(text string)) DialOption {
	return func(d *dialing) { d.answerBy = answer }
}

func (p *peer) answerBy(answer func(string)) func(string) {
	return func(text string) {
		if answer == nil {
			return
		}
		go func() {
			defer p.w.recoverPanic()
			answer(text)
		}()
	}
}

func isEvents(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && kind == typeEvents
}

// withType names the type of an answer that could have been a stream.
func withType(resp *Response) string {
	if resp.Status != http.StatusOK {
		return ""
	}
	return fmt.Sprintf(" with Content-Type %q", resp.Header.Get("Content-Type"))
}

// whyNoStream tells the usual cause of an answer that is no event stream.
func whyNoStream(resp *Response) string {
	switch resp.Status {
	case http.StatusOK:
		return "\nSet Content-Type to " + typeEvents + " before anything is written or flushed."
	case http.StatusNotFound:
		return "\nNo route matches this path."
	case http.StatusInternalServerError:
		return "\nFlush fails when a middleware hides the http.Flusher."
	}
	return ""
}
