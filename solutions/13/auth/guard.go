package auth

import (
	"context"
	"net/http"
	"strings"
)

// Guard returns what to put around a handler that is for somebody with a role alone. A program shows its
// token as Authorization: Bearer. A browser asks for a name and a password (RFC 7617): the password is the
// token, and the name may be any. It shows both again for all that is of the same origin, WebSockets included.
//
// The context of a request that gets in ends with the token.
func (v *Verifier) Guard(role string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// task 12.1: Let in who has the role, now.
			who, err := v.Authenticate(tokenOf(r))
			switch {
			case err != nil:
				w.Header().Add("WWW-Authenticate", `Basic realm="operators", charset="UTF-8"`)
				w.Header().Add("WWW-Authenticate", `Bearer realm="operators"`)
				http.Error(w, "a token is needed that holds", http.StatusUnauthorized)
			case !who.HasRole(role):
				http.Error(w, "the token is for somebody else", http.StatusForbidden)
			default:
				ctx, cancel := context.WithDeadline(r.Context(), who.Expires)
				defer cancel()
				next.ServeHTTP(w, r.WithContext(ctx))
			}
			// end task 12.1
		})
	}
}

// tokenOf returns the token of a request, or "".
func tokenOf(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, section 11.1
		return ""
	}
	return strings.TrimSpace(token)
}
