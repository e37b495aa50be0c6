package chat

import (
	"net/http"
	"net/netip"
	"slices"
)

// addressOf returns where a request comes from, as limits count: an IPv4 address, or the /64 of an IPv6
// address, because the owner of one of its addresses has all of them.
func (s *Server) addressOf(r *http.Request) string {
	address, ok := parseAddress(r.RemoteAddr)
	if !ok {
		return r.RemoteAddr
	}
	// TODO(11.10): A proxy of ours says for whom it asks, behind what others have said.
	return countedAs(address)
}

// forwardedFor returns for whom a proxy of ours makes a request, by X-Forwarded-For: each proxy appends the
// address from which it was asked.
func (s *Server) forwardedFor(r *http.Request, proxy netip.Addr) netip.Addr {
	// TODO(11.10): Whatever stands left of an address that is not ours may be made up.
	return proxy // placeholder
}

// schemeOf returns "http" or "https": how the client has made a request.
func (s *Server) schemeOf(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	// TODO(11.10): A proxy of ours may have taken TLS off.
	return "http"
}

// isTrusted tells whether an address is a proxy of ours.
func (s *Server) isTrusted(address netip.Addr) bool {
	// TODO(11.10): A prefix, too, may be that of IPv4 addresses which are written as IPv6 addresses.
	return slices.ContainsFunc(s.cfg.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// parseAddress reads an IP address, with or without a port.
func parseAddress(text string) (address netip.Addr, ok bool) {
	// TODO(11.10): An IPv4 address may be written as an IPv6 address.
	with, err := netip.ParseAddrPort(text) // placeholder
	return with.Addr(), err == nil
}

// countedAs is the name under which limits count an address.
func countedAs(address netip.Addr) string {
	// TODO(11.10): Somebody may have many IPv6 addresses.
	return address.String() // placeholder
}
