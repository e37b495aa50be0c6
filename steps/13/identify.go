package chat

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"wsworkshop/steps/13/auth"
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
	// task 11.3: A token is in the header Authorization, or one of the subprotocols.
	for _, value := range r.Header.Values("Authorization") {
		all = append(all, credential{token: bearer(value)})
	}
	for _, name := range offered(r) {
		if token, ok := strings.CutPrefix(name, tokenPrefix); ok {
			all = append(all, credential{token: token})
		}
	}
	// end task 11.3
	// task 11.4: A ticket is in the query.
	for _, ticket := range r.URL.Query()["ticket"] {
		all = append(all, credential{ticket: ticket})
	}
	// end task 11.4
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
	// task 11.3: There must be exactly one.
	switch {
	case len(given) == 0:
		return auth.Identity{}, errNobody
	case len(given) > 1:
		return auth.Identity{}, errTwo
	case given[0].ticket != "":
		// task 11.4: It may be a ticket.
		who, ok := s.tickets.Redeem(given[0].ticket)
		if !ok {
			return who, errTicket
		}
		return who, nil
		// end task 11.4
	}
	return s.authenticate(given[0].token)
	// end task 11.3
}

// authenticate asks Config.Auth. Its error is for the log: it keeps its words, and of what it wraps
// ErrUnavailable alone.
func (s *Server) authenticate(token string) (auth.Identity, error) {
	who, err := s.cfg.Auth.Authenticate(token)
	// task 11.3: An Authenticator may quote what it was asked for.
	if err == nil {
		return who, nil
	}
	words := err.Error()
	if token != "" {
		words = strings.ReplaceAll(words, token, "(the token)")
	}
	if errors.Is(err, ErrUnavailable) {
		return auth.Identity{}, fmt.Errorf("%w: %s", ErrUnavailable, words)
	}
	return auth.Identity{}, errors.New(words)
	// end task 11.3
}

// refuseUnknown answers 401. err is for the log alone.
func (s *Server) refuseUnknown(w http.ResponseWriter, r *http.Request, err error) {
	// task 11.3: The answer says how to do better (RFC 6750, section 3), and not what is wrong with the token.
	challenge := `Bearer realm="chat"`
	if !errors.Is(err, errNobody) {
		challenge += `, error="invalid_token"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	s.answerRefused(w, r, http.StatusUnauthorized, errors.New("a token is needed that holds"))
	s.logRefusal(r, slog.Int("status", http.StatusUnauthorized), slog.String("reason", err.Error()))
	// end task 11.3
}

// protocolOf returns what the answer to a handshake says about its subprotocol.
func (s *Server) protocolOf(r *http.Request) http.Header {
	// task 11.3: Some clients fail if they offer protocols and none is chosen.
	for _, name := range offered(r) {
		if name == protocol {
			return http.Header{"Sec-WebSocket-Protocol": {protocol}}
		}
	}
	return nil
	// end task 11.3
}
