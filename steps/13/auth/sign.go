package auth

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Order is what a token is to say.
type Order struct {
	Issuer, Audience string
	Subject          string
	Roles, Rooms     []string
	Lifetime         time.Duration // from now on
}

// Sign makes a token. It is for tools and tests: in production, a service of its own signs them.
func (k Key) Sign(o Order) (string, error) {
	now := time.Now()
	c := claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: o.Issuer, Audience: jwt.ClaimStrings{o.Audience}, Subject: o.Subject,
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(o.Lifetime)),
		},
		Roles: o.Roles, Rooms: o.Rooms,
	}
	var method jwt.SigningMethod = jwt.SigningMethodEdDSA
	var with any = k.Private
	if k.Secret != nil {
		method, with = jwt.SigningMethodHS256, k.Secret
	} else if k.Private == nil {
		return "", errors.New("auth: this key verifies only: it has no Private")
	}
	token := jwt.NewWithClaims(method, c)
	token.Header["kid"] = k.ID
	return token.SignedString(with)
}
