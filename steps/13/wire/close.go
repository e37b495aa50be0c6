package wire

import (
	"fmt"
	"strings"
)

// CloseCode says why a connection ended (RFC 6455, section 7.4). Clients decide by it what they do
// next, see Advice.
type CloseCode int

// The close codes. Those from 1000 on are the protocol's, with the names of the registry that RFC
// 6455, section 11.7, founded. Those from 4000 on are this server's own.
const (
	CloseNormal             CloseCode = 1000
	CloseGoingAway          CloseCode = 1001
	CloseProtocolError      CloseCode = 1002
	CloseUnsupportedData    CloseCode = 1003
	CloseNoStatus           CloseCode = 1005 // a close frame without a code
	CloseAbnormal           CloseCode = 1006 // TCP ended without a close frame
	CloseInvalidPayload     CloseCode = 1007
	ClosePolicyViolation    CloseCode = 1008
	CloseTooBig             CloseCode = 1009
	CloseMandatoryExtension CloseCode = 1010
	CloseInternalError      CloseCode = 1011
	CloseServiceRestart     CloseCode = 1012
	CloseTryAgainLater      CloseCode = 1013
	CloseBadGateway         CloseCode = 1014
	CloseTLSHandshake       CloseCode = 1015 // the connection was never made
	CloseTakenOver          CloseCode = 4001 // the client has connected once more
)

var closeNames = map[CloseCode]string{
	CloseNormal:             "normal closure",
	CloseGoingAway:          "going away",
	CloseProtocolError:      "protocol error",
	CloseUnsupportedData:    "unsupported data",
	CloseNoStatus:           "no status received",
	CloseAbnormal:           "abnormal closure",
	CloseInvalidPayload:     "invalid payload",
	ClosePolicyViolation:    "policy violation",
	CloseTooBig:             "message too big",
	CloseMandatoryExtension: "mandatory extension",
	CloseInternalError:      "internal error",
	CloseServiceRestart:     "service restart",
	CloseTryAgainLater:      "try again later",
	CloseBadGateway:         "bad gateway",
	CloseTLSHandshake:       "TLS handshake",
	CloseTakenOver:          "taken over",
}

// String returns the code and its name, such as "1001 going away", or the code alone if it has
// no name here.
func (c CloseCode) String() string {
	if name := closeNames[c]; name != "" {
		return fmt.Sprintf("%d %s", int(c), name)
	}
	return fmt.Sprint(int(c))
}

// MaySend tells whether a close frame may carry the code. 1005, 1006 and 1015 never do: they stand
// for frames that did not come (RFC 6455, section 7.4.1). The others that may not are reserved or
// nobody's.
func (c CloseCode) MaySend() bool {
	// task 8.1: RFC 6455, sections 7.4.1 and 7.4.2, and the registry say which.
	reserved := c == 1004 || c == CloseNoStatus || c == CloseAbnormal
	return c >= CloseNormal && c <= CloseBadGateway && !reserved || c >= 3000 && c <= 4999
	// end task 8.1
}

// Advice is what a client should do after the end of a connection.
type Advice int

// The kinds of advice.
const (
	Stop               Advice = iota // another attempt would end in the same way, or do harm
	NewSession                       // begin a new session, after the usual delay
	ResumeAfterBackoff               // continue the session, after the usual delay
	ResumeAtOnce                     // continue the session without a delay, once
)

// String returns the name that LEARNING_PLAN.md uses, such as "new session".
func (a Advice) String() string {
	switch a {
	case Stop:
		return "stop"
	case NewSession:
		return "new session"
	case ResumeAfterBackoff:
		return "resume after backoff"
	case ResumeAtOnce:
		return "resume at once"
	}
	return fmt.Sprintf("Advice(%d)", int(a))
}

// Advice returns what a client should do after the code. The hundreds of this server's own codes
// tell it, so that a client can follow a code that is newer than itself: 41xx asks for a new
// session, 42xx to resume after a backoff, 43xx to resume at once. All others from 4000 on mean
// stop.
func (c CloseCode) Advice() Advice {
	// task 8.1: LEARNING_PLAN.md, "Close codes", has the advice for each.
	switch c {
	case CloseNormal, CloseProtocolError, ClosePolicyViolation, CloseMandatoryExtension, CloseTLSHandshake:
		return Stop
	}
	switch {
	case c < 4000:
		return ResumeAfterBackoff
	case c/100 == 41:
		return NewSession
	case c/100 == 42:
		return ResumeAfterBackoff
	case c/100 == 43:
		return ResumeAtOnce
	}
	return Stop
	// end task 8.1
}

// maxReason is how many bytes a close frame has for its reason: a control frame has at most 125
// (RFC 6455, section 5.5), and the code takes two.
const maxReason = 123

// CutReason returns a reason for a close frame: text, or as much of its beginning as a close frame
// can hold.
func CutReason(text string) string {
	// task 8.2: A reason must be UTF-8 too (RFC 6455, section 5.5.1).
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
	// end task 8.2
}
