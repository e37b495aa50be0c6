package certs

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
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
	// task 13.5: The Contract says what is answered. Nothing of it may lead to another server.
	//- http.Redirect(w, r, "https://"+r.Host+r.RequestURI, http.StatusFound) // placeholder
	host, ok := p.hostOf(r)
	switch {
	case !ok:
		http.Error(w, "this server has other names", http.StatusMisdirectedRequest)
	case strings.HasPrefix(r.URL.Path, challengePath):
		p.challenge(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		// It has been sent for all to read, and a redirect would have the client do so again and again.
		http.Error(w, "this server takes https only", http.StatusForbidden)
	case !strings.HasPrefix(r.URL.Path, "/"): // such as "GET x:.evil.test/"
		http.Error(w, "this is no path", http.StatusBadRequest)
	default:
		at := *r.URL
		at.Scheme, at.Opaque, at.User, at.Host = "https", "", nil, host
		w.Header().Set("Location", at.String())
		w.WriteHeader(http.StatusPermanentRedirect)
	}
	// end task 13.5
}

// hostOf returns the host, and port, where the server speaks https under the name that a request has for it.
// ok is false if the server does not have that name.
func (p *Plain) hostOf(r *http.Request) (host string, ok bool) {
	// task 13.5: A request names a host, and perhaps the port of plain HTTP. An IPv6 address has brackets.
	//- return r.Host, true // placeholder
	host = r.Host
	if name, _, err := net.SplitHostPort(r.Host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if host == "" || len(p.Hosts) > 0 && !slices.ContainsFunc(p.Hosts, func(own string) bool { return strings.EqualFold(own, host) }) {
		return "", false
	}
	if p.Port != 0 && p.Port != 443 {
		return net.JoinHostPort(host, strconv.Itoa(p.Port)), true
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]", true
	}
	return host, true
	// end task 13.5
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
	// task 13.5: The whole internet can reach it, and many connect and then say nothing.
	//- return http.Serve(ln, p) // placeholder: it never ends, and waits for everybody
	srv := &http.Server{
		Handler:           p,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       10 * time.Second,
	}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
	// end task 13.5
}
