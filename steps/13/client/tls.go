package client

import (
	"errors"
)

// ErrTLS is in what Run returns, beside ErrGaveUp and the reason, when TLS has failed in a way in which the
// next attempt would fail too: a certificate that does not hold, for example. Somebody has to mend that.
var ErrTLS = errors.New("no secure connection")

// isLasting tells whether the next attempt would fail as this one has, with err. handshake is how its TLS
// handshake has ended: nil if that has succeeded, or never begun.
func isLasting(handshake, err error) bool {
	// TODO(13.7): Connections are lost, servers are slow or not ready. All else lasts, and with TLS 1.3 some of it comes late.
	return false // placeholder: it goes on for ever
}
