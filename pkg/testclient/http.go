package testclient

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Response is an HTTP answer, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	w   *World
	req *http.Request
	who string
}

// JSON decodes the body into v. If that cannot be done the test fails; the error is for
// those who run JSON in an assertion of their own.
func (r *Response) JSON(v any) error {
	if err := json.Unmarshal(r.Body, v); err != nil {
		r.w.Fatalf("%s was answered %s, not JSON as expected (%v):\n  %s",
			request(r.req), statusLine(r.Status), err, showText(r.Body))
	}
	return nil
}

// statusLine writes "404 Not Found".
func statusLine(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprint(status)
}

// Get makes a plain GET request (see [Method]) and fails the test if it is not answered within a second (see
// [Patience]).
func (s *Server) Get(path string, opts ...DialOption) *Response {
	return s.do(s.get(path), s.options(opts))
}

// TryGet is Get that returns an error where no answer comes. It is for requests whose answer does
// not matter to the test, such as the good manners of a protocol.
func (s *Server) TryGet(path string, opts ...DialOption) (*Response, error) {
	req := s.get(path)
	d := s.options(opts)
	resp, err := s.try(req, d)
	if err != nil {
		s.w.event(d.name, "◀── (no answer)")
		return nil, fmt.Errorf("%s: %w", request(req), err)
	}
	return resp, nil
}

// get makes a GET request.
func (s *Server) get(path string) *http.Request {
	req, err := http.NewRequest(http.MethodGet, "http://"+s.addr+path, nil)
	if err != nil {
		s.w.Fatalf("GET %s: %v", path, err)
	}
	return req
}

// Do makes any request on a connection of its own and fails the test if it is not answered
// within a second. Only the path of req.URL counts; redirects are not followed.
func (s *Server) Do(req *http.Request) *Response {
	return s.do(req, s.options(nil))
}

func (s *Server) do(req *http.Request, d *dialing) *Response {
	s.w.checkStopped()
	resp, err := s.try(req, d)
	if err != nil {
		s.unanswered(d, req, err)
	}
	return resp
}

// try makes a request on a connection of its own, which nothing remembers afterwards.
func (s *Server) try(req *http.Request, d *dialing) (*Response, error) {
	req.Close = true
	d.apply(req)
	asked := s.asks(d, req)
	l, err := s.connect(d)
	if err != nil {
		return nil, err
	}
	defer s.w.net.forget(l.raw)
	resp, err := l.exchange(req, d.patience)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return s.answered(asked, req, resp, body), nil
}

// asks notes a request in the timeline, with the body that [Body] gave it.
func (s *Server) asks(d *dialing, req *http.Request) *event {
	if d.body == "" || req.Method == http.MethodGet {
		return s.w.add(d.name, "──▶ "+request(req), nil)
	}
	return s.w.add(d.name, "──▶ "+request(req)+" ", glimpseOf(Text, []byte(d.body)))
}

// answered notes the answer in the timeline.
func (s *Server) answered(asked *event, req *http.Request, resp *http.Response, body []byte) *Response {
	s.note(asked, "◀── "+statusLine(resp.StatusCode))
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body, w: s.w, req: req, who: asked.who}
}

// note puts an answer into the line of its question, or below if time has passed or if that line
// shows a body.
func (s *Server) note(asked *event, answer string) {
	if s.w.Elapsed() == asked.at && asked.data == nil {
		s.w.line.amend(asked, " "+answer)
		return
	}
	s.w.event(asked.who, answer)
}

// unanswered fails the test.
func (s *Server) unanswered(d *dialing, req *http.Request, err error) {
	if unsent, ok := errors.AsType[*unsentError](err); ok {
		s.w.Fatalf("the test cannot send %s: %v", request(req), unsent.error)
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		s.w.Fatalf("%s: nobody listens at %s any more (%v).", request(req), s.addr, err)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		s.w.event(d.name, "    (silence)")
		s.w.lacks(focus{who: d.name}, "%s should have been answered within %v; nothing came.%s",
			request(req), d.patience, whySilent(req))
	}
	s.w.event(d.name, "◀── (connection ended)")
	s.w.Fatalf("%s should have been answered; the server ended the connection instead (%v).", request(req), err)
}

// whySilent tells the usual cause of an answer that does not come.
func whySilent(req *http.Request) string {
	if req.Header.Get("Accept") != typeEvents {
		return ""
	}
	return "\nThe head of an answer goes out with the first Flush, not with WriteHeader."
}

// request writes "GET /ws", and what is unusual about it.
func request(req *http.Request) string {
	text := req.Method + " " + req.URL.RequestURI()
	if !req.ProtoAtLeast(1, 1) {
		text += " " + req.Proto
	}
	if req.Method == http.MethodGet && req.ContentLength != 0 {
		text += " (with a body)"
	}
	return text
}

// apply puts the options into a request: a header takes the place of the request's own.
func (d *dialing) apply(req *http.Request) {
	for key, values := range d.header {
		if key == "Host" {
			req.Host = values[0]
			continue
		}
		req.Header[key] = slices.Clone(values)
	}
	if d.method != "" {
		req.Method = d.method
	}
	if d.body != "" {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(d.body)), int64(len(d.body))
	}
	if d.http10 {
		req.Proto, req.ProtoMajor, req.ProtoMinor = "HTTP/1.0", 1, 0
	}
}

// connection is a client's connection while it speaks HTTP.
type connection struct {
	raw  *conn    // on the network
	conn net.Conn // raw, or TLS above it
	read *counter
	br   *bufio.Reader
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// open connects to the server.
func (s *Server) open(req *http.Request, d *dialing) *connection {
	l, err := s.connect(d)
	if err != nil {
		s.w.event(d.name, "──▶ "+request(req))
		s.unanswered(d, req, err)
	}
	return l
}

// connect is open for those who take a failure as it comes.
func (s *Server) connect(d *dialing) (*connection, error) {
	raw, err := s.w.net.dial(d.name, d.ip, s.addr, d.room, d.latency)
	if err != nil {
		return nil, err
	}
	l := &connection{raw: raw, conn: raw}
	if s.tls {
		host, _, _ := net.SplitHostPort(s.addr)
		l.conn = tls.Client(raw, s.clientTLS(host))
	}
	l.read = &counter{r: l.conn}
	l.br = bufio.NewReader(l.read)
	return l, nil
}

// unsentError is about a request that cannot be written. The server has no part in it.
type unsentError struct{ error }

// exchange sends a request and reads the head of the answer, within so much time and a
// little for what is under way. Zero is as long as it takes.
func (l *connection) exchange(req *http.Request, within time.Duration) (*http.Response, error) {
	if within > 0 {
		limit := time.Now().Add(within + 4*l.raw.in.latency)
		if err := l.conn.SetDeadline(limit); err != nil {
			return nil, err
		}
	}
	var text bytes.Buffer
	if err := req.Write(&text); err != nil {
		return nil, &unsentError{err}
	}
	head := text.Bytes()
	if !req.ProtoAtLeast(1, 1) { // Write says HTTP/1.1 whatever req.Proto says
		head = bytes.Replace(head, []byte(" HTTP/1.1\r\n"), []byte(" "+req.Proto+"\r\n"), 1)
	}
	if _, err := l.conn.Write(head); err != nil {
		return nil, err
	}
	return http.ReadResponse(l.br, req)
}
