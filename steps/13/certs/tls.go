// Package certs has the certificates of the server: where they come from, when they are replaced, and
// what the server does with plain HTTP beside them. It knows nothing of the chat.
package certs

import (
	"crypto/tls"

	"golang.org/x/crypto/acme/autocert"
)

// Source returns the certificate for one handshake. It is called by many goroutines at once.
type Source func(*tls.ClientHelloInfo) (*tls.Certificate, error)

// ServerTLS is how the server speaks TLS, with certificates from a source.
func ServerTLS(from Source) *tls.Config {
	// TODO(13.2): Old versions of TLS are refused. A WebSocket needs HTTP/1.1, and a client may prefer another protocol.
	return &tls.Config{GetCertificate: from, MinVersion: tls.VersionTLS10} // placeholder: too old
}

// ACMETLS is ServerTLS with certificates from an ACME manager. The certificate authority may ask this
// server to prove in a TLS handshake of its own kind that it has the name (RFC 8737).
func ACMETLS(m *autocert.Manager) *tls.Config {
	// TODO(13.6): The certificate authority's handshakes are answered too, and rule 13.h still holds.
	return m.TLSConfig() // placeholder: it also agrees on HTTP/2
}
