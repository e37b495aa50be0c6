package certs

import (
	"context"
	"net"
	"net/http"
)

// challengePath is where an ACME authority looks for proof, over plain HTTP (RFC 8555, section 8.3).
const challengePath = "/.well-known/acme-challenge/"

// Plain answers plain HTTP, beside a server that speaks https: it sends browsers there. It is an http.Handler.
type Plain struct {
	// Hosts are the names of the server. A request for another one is refused. Empty means any name.
	Hosts []string

	// Port is where the server speaks https. Zero means 443, which an address does not name.
	Port int

	// Challenges answers the authority, below /.well-known/acme-challenge/. Nil means 404.
	Challenges http.Handler
}

// ServeHTTP implements http.Handler.
func (p *Plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// TODO(13.5): The Contract says what is answered. Nothing of it may lead to another server.
	http.Redirect(w, r, "https://"+r.Host+r.RequestURI, http.StatusFound) // placeholder
}

// hostOf returns the host, and port, where the server speaks https under the name that a request has for it.
// ok is false if the server does not have that name.
func (p *Plain) hostOf(r *http.Request) (host string, ok bool) {
	// TODO(13.5): A request names a host, and perhaps the port of plain HTTP. An IPv6 address has brackets.
	return r.Host, true // placeholder
}

// challenge has Challenges answer. A manager knows names without a port.
func (p *Plain) challenge(w http.ResponseWriter, r *http.Request) {
	if p.Challenges == nil {
		http.NotFound(w, r)
		return
	}
	if name, _, err := net.SplitHostPort(r.Host); err == nil {
		r = r.Clone(r.Context())
		r.Host = name
	}
	p.Challenges.ServeHTTP(w, r)
}

// Serve answers at ln, which it closes, until ctx ends. Then it returns nil; otherwise it returns what has
// failed. It is made for Config.Background.
func (p *Plain) Serve(ctx context.Context, ln net.Listener) error {
	// TODO(13.5): The whole internet can reach it, and many connect and then say nothing.
	return http.Serve(ln, p) // placeholder: it never ends, and waits for everybody
}
