// Package auth tells who somebody is. A Verifier verifies tokens, which are JSON Web Tokens (RFC 7519)
// that others have signed. Tickets stand for such a token for a moment, where a token must not go.
//
// Nothing in this package writes a log, and none of its errors has a part of a token in it.
package auth

import (
	"slices"
	"time"
)

// Identity is what a token says about the one that shows it. Nobody changes it.
type Identity struct {
	// Subject is the claim "sub": the client id.
	Subject string

	// Roles is the claim "roles", see RoleAdmin.
	Roles []string

	// Rooms is the claim "rooms": the rooms that the subject may enter, or AnyRoom. Without any, it may
	// enter none: a token that was forgotten to be limited is limited.
	Rooms []string

	// Expires is the moment from which the token does not hold any more: its end, leeway included, or that of
	// its key.
	Expires time.Time
}

const (
	RoleAdmin    = "admin"    // may send a broadcast
	RoleOperator = "operator" // may see how the server is
	AnyRoom      = "*"
)

// HasRole tells whether the token says that its subject has a role.
func (id Identity) HasRole(role string) bool { return slices.Contains(id.Roles, role) }

// MayEnter tells whether the token is good for a room.
func (id Identity) MayEnter(room string) bool {
	return slices.Contains(id.Rooms, room) || slices.Contains(id.Rooms, AnyRoom)
}
