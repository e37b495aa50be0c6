package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
)

// ErrTLS is in what Run returns, beside ErrGaveUp and the reason, when TLS has failed in a way in which the
// next attempt would fail too: a certificate that does not hold, for example. Somebody has to mend that.
var ErrTLS = errors.New("no secure connection")

// isLasting tells whether the next attempt would fail as this one has, with err. handshake is how its TLS
// handshake has ended: nil if that has succeeded, or never begun.
func isLasting(handshake, err error) bool {
	// task 13.7: Connections are lost, servers are slow or not ready. All else lasts, and with TLS 1.3 some of it comes late.
	//- return false // placeholder: it goes on for ever
	if alert, ok := errors.AsType[*net.OpError](err); ok {
		switch alert.Op {
		case "local error": // this client has sent the alert
			return true
		case "remote error":
			// internal_error (RFC 8446, section 6.2): its authority may be about to issue the server's certificate.
			return alert.Err.Error() != tls.AlertError(80).Error()
		}
	}
	_, network := errors.AsType[net.Error](handshake)
	lost := network || errors.Is(handshake, io.EOF) || errors.Is(handshake, io.ErrUnexpectedEOF) || errors.Is(handshake, context.Canceled)
	return handshake != nil && !lost
	// end task 13.7
}
