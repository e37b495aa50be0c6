package testclient

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
)

// Server is where clients connect to.
type Server struct {
	w        *World
	addr     string
	tls      bool
	roots    *x509.CertPool // that clients trust, see Trust
	http     *http.Server
	closer   io.Closer
	cleanups []cleanup
}

type cleanup struct {
	name string
	fn   func()
}

// ServeOption changes what [World.Serve] does.
type ServeOption func(*Server)

// TLS serves https and wss, with a certificate that its clients trust.
func TLS() ServeOption { return func(s *Server) { s.tls = true } }

// Serve runs h under an [http.Server] at 192.0.2.1:80 (the next one at 192.0.2.2:80). If
// h is an [io.Closer], Close is called at the end of the test, after the clients have gone,
// and must return within a minute of virtual time. A panic that the http.Server recovers
// fails the test, and so does a handler that answers a request twice.
func (w *World) Serve(h http.Handler, opts ...ServeOption) *Server {
	ln := w.net.listen()
	s := w.At(ln)
	for _, opt := range opts {
		opt(s)
	}
	s.closer, _ = h.(io.Closer)
	s.http = &http.Server{Handler: h, ErrorLog: log.New(errorLog{w}, "", 0)}
	var accept net.Listener = ln
	if s.tls {
		accept = tls.NewListener(ln, serverTLS())
	}
	go func() { _ = s.http.Serve(accept) }() // it ends with http.ErrServerClosed
	return s
}

// At returns the server behind a listener of [World.Listen], whoever accepts there.
func (w *World) At(ln net.Listener) *Server {
	s := &Server{w: w, addr: ln.Addr().String()}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.servers = append(w.servers, s)
	return s
}

// Addr returns the server's address, "192.0.2.1:80".
func (s *Server) Addr() string { return s.addr }

// URL returns "http://192.0.2.1", or "https://192.0.2.1:80" where the server has TLS.
func (s *Server) URL() string {
	if s.tls {
		return "https://" + s.addr
	}
	return "http://" + strings.TrimSuffix(s.addr, ":80")
}

// Cleanup has fn called at the end of the test, last come first served, after the clients
// have gone and before the http.Server closes. name is what a failure calls it: it must
// return within a minute of virtual time.
func (s *Server) Cleanup(name string, fn func()) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	s.cleanups = append(s.cleanups, cleanup{name, fn})
}

// close ends the server at the end of a test.
func (s *Server) close() {
	s.w.mu.Lock()
	todo := s.cleanups
	s.w.mu.Unlock()
	for i := len(todo) - 1; i >= 0; i-- {
		s.w.returns(todo[i].name, closeWithin, todo[i].fn)
	}
	if s.closer != nil {
		s.w.returns("Close()", closeWithin, func() {
			if err := s.closer.Close(); err != nil {
				s.w.Errorf("Close() = %v, want nil", err)
			}
		})
	}
	if s.http != nil {
		_ = s.http.Close() // its listener may be closed already
	}
}

// errorLog takes what an http.Server has to say.
type errorLog struct{ w *World }

func (l errorLog) Write(p []byte) (int, error) {
	text := strings.TrimSpace(string(p))
	first, stack, _ := strings.Cut(text, "\n")
	if reason, ok := strings.CutPrefix(first, "http: panic serving "); ok {
		if _, r, found := strings.Cut(reason, ": "); found { // after the client's address
			reason = r
		}
		l.w.panicked(reason+" (in a handler; net/http recovered it)", stack)
		return len(p), nil
	}
	l.w.event("", "* "+first)
	if strings.Contains(first, "superfluous response.WriteHeader") || strings.Contains(first, "on hijacked connection") {
		l.w.answeredTwice(first)
	}
	return len(p), nil
}

// answeredTwice reports a handler that goes on after its answer. net/http says so from within
// that handler.
func (w *World) answeredTwice(said string) {
	f := failure{Verdict: VerdictWrong, Message: "a request was answered twice; net/http says:\n  " + said + "\nIs there a return after each refusal?"}
	for _, g := range parseStacks(string(debug.Stack())) {
		f.At = append(f.At, g.owned(ownCode)...)
	}
	w.fail(f)
}
