package chat

import (
	"net"
	"net/http"
)

// secured is ln with TLS above it, if the Config has any.
func (s *Server) secured(ln net.Listener) net.Listener {
	// TODO(13.2): With Config.TLS, what is accepted speaks TLS. A client that is slow to shake hands delays nobody.
	return ln // placeholder: plain HTTP
}

// scheme is how the addresses of the server begin.
func (s *Server) scheme() string {
	if s.cfg.TLS == nil {
		return "http"
	}
	return "https"
}

// cut closes a connection without a word. Close of a tls.Conn says goodbye first, and waits up to five
// seconds for a network that takes nothing.
func cut(conn net.Conn) error {
	// TODO(13.2): A cut takes no time, also over TLS.
	return conn.Close() // placeholder
}

// demandTLS has the browser come back over https only (RFC 6797). A header that came over plain HTTP
// proves nothing, and browsers ignore it.
func (s *Server) demandTLS(w http.ResponseWriter, r *http.Request) {
	// TODO(13.5): See Config.HSTS.
	_, _ = w, r
}
