package chat

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// secured is ln with TLS above it, if the Config has any.
func (s *Server) secured(ln net.Listener) net.Listener {
	// task 13.2: With Config.TLS, what is accepted speaks TLS. A client that is slow to shake hands delays nobody.
	//- return ln // placeholder: plain HTTP
	if s.cfg.TLS == nil {
		return ln
	}
	return tls.NewListener(ln, s.cfg.TLS)
	// end task 13.2
}

// scheme is how the addresses of the server begin.
func (s *Server) scheme() string {
	if s.cfg.TLS == nil {
		return "http"
	}
	return "https"
}

// connKey is where the context of a request has its connection.
type connKey struct{}

// withConn is for http.Server.ConnContext.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// connOf is the connection of a request; nil if Serve has not accepted it.
func connOf(r *http.Request) net.Conn {
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	return conn
}

// cut ends a connection at once, also while somebody else reads from it or writes to it.
func cut(conn net.Conn) error {
	// task 13.2: A cut waits for nobody.
	//- return conn.Close() // placeholder
	if secure, ok := conn.(*tls.Conn); ok {
		return secure.NetConn().Close()
	}
	return conn.Close()
	// end task 13.2
}

// demandTLS has the browser come back over https only (RFC 6797). A header that came over plain HTTP
// proves nothing, and browsers ignore it.
func (s *Server) demandTLS(w http.ResponseWriter, r *http.Request) {
	// task 13.5: See Config.HSTS.
	//- _, _ = w, r
	if s.cfg.HSTS > 0 && r.TLS != nil {
		w.Header().Set("Strict-Transport-Security", fmt.Sprintf("max-age=%d", s.cfg.HSTS/time.Second))
	}
	// end task 13.5
}
