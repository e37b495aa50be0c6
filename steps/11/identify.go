package chat

import (
	"errors"
	"net/http"
	"strings"

	"wsworkshop/steps/11/auth"
)

// Authenticator tells whose a token is. auth.Verifier is one. It is called by many goroutines at once. An
// error that wraps ErrUnavailable says that it could not find out. The words of errors end up in the log,
// without the token.
type Authenticator interface {
	Authenticate(token string) (auth.Identity, error)
}

// A browser cannot set headers for a WebSocket, but it can offer subprotocols. One of those that it offers
// must be chosen, and the answer must not repeat a token.
const (
	protocol    = "chat.v1"
	tokenPrefix = "bearer."
)

// credential is one thing in a request that says who sends it.
type credential struct {
	token  string
	ticket string // in place of a token
}

// credentialsOf returns all of them.
func credentialsOf(r *http.Request) []credential {
	var all []credential
	// TODO(11.3): A token is in the header Authorization, or one of the subprotocols.
	// TODO(11.4): A ticket is in the query.
	return all
}

// bearer returns the token of an Authorization header (RFC 6750, section 2.1), or "" if it has none.
func bearer(value string) string {
	scheme, token, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, section 11.1
		return ""
	}
	return strings.TrimSpace(token)
}

// offered returns the subprotocols that a handshake offers, in however many headers.
func offered(r *http.Request) []string {
	var names []string
	for name := range strings.SplitSeq(strings.Join(r.Header.Values("Sec-WebSocket-Protocol"), ","), ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}

// Why nobody is known. The words are for the log; the answer is the same for all.
var (
	errNobody = errors.New("no token")
	errTwo    = errors.New("more than one token")
	errTicket = errors.New("the ticket does not hold")
)

// identify tells who sends a request. If that cannot be told, the request has been refused, and ok is
// false. On a server without Config.Auth nobody is asked: who is nil.
func (s *Server) identify(w http.ResponseWriter, r *http.Request, given []credential) (who *auth.Identity, ok bool) {
	if s.cfg.Auth == nil {
		return nil, true
	}
	id, err := s.verify(given)
	switch {
	case err == nil:
		return &id, true
	case errors.Is(err, ErrUnavailable):
		s.refuse(w, r, http.StatusServiceUnavailable, "tokens cannot be verified now")
	default:
		s.refuseUnknown(w, r, err)
	}
	return nil, false
}

// verify returns what the one credential of a request says.
func (s *Server) verify(given []credential) (auth.Identity, error) {
	// TODO(11.3): There must be exactly one.
	_ = given
	return auth.Identity{}, errNobody // placeholder
}

// authenticate asks Config.Auth. Its error is for the log: it keeps its words, and of what it wraps
// ErrUnavailable alone.
func (s *Server) authenticate(token string) (auth.Identity, error) {
	who, err := s.cfg.Auth.Authenticate(token)
	// TODO(11.3): An Authenticator may quote what it was asked for.
	return who, err
}

// refuseUnknown answers 401. err is for the log alone.
func (s *Server) refuseUnknown(w http.ResponseWriter, r *http.Request, err error) {
	// TODO(11.3): The answer says how to do better (RFC 6750, section 3), and not what is wrong with the token.
	_ = err // placeholder
}

// protocolOf returns what the answer to a handshake says about its subprotocol.
func (s *Server) protocolOf(r *http.Request) http.Header {
	// TODO(11.3): Some clients fail if they offer protocols and none is chosen.
	_ = r
	return nil // placeholder
}
