package client

import (
	"crypto/tls"
	"errors"
)

// ErrTLS is in what Run returns, beside ErrGaveUp and the reason, when TLS has failed in a way in which the
// next attempt would fail too: a certificate that does not hold, for example. Somebody has to mend that.
var ErrTLS = errors.New("no secure connection")

// beingSetUp is how a server says that it has no certificate yet. Its authority may be about to issue one.
var beingSetUp = tls.AlertError(80).Error() // internal_error, RFC 8446, section 6.2

// isLasting tells whether the next TLS handshake would fail as this one has.
func isLasting(err error) bool {
	// TODO(13.7): Some handshakes fail because the connection is lost or slow, or the server is not ready.
	return false // placeholder: it goes on for ever
}
