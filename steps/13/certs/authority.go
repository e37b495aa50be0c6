package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"time"
)

// Authority issues certificates for development. A browser accepts them once it trusts the authority.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

const (
	authorityLife = 5 * 365 * 24 * time.Hour
	leafLife      = 90 * 24 * time.Hour // browsers accept 398 days at most

	// leeway is how far the clocks of clients may be behind.
	leeway = time.Hour
)

// NewAuthority makes an authority with a key of its own.
func NewAuthority() (*Authority, error) {
	key := newKey()
	// TODO(13.1): An authority signs certificates, and nothing else. Those it signs are no authorities.
	template := &x509.Certificate{} // placeholder
	cert, err := sign(template, template, key.Public(), key)
	return &Authority{cert: cert, key: key}, err
}

// ReadAuthority returns the authority that Pair has written.
func ReadAuthority(p Pair) (*Authority, error) {
	pair, err := tls.X509KeyPair(p.Cert, p.Key)
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("this is not a certificate authority")
	}
	return &Authority{cert: pair.Leaf, key: key}, nil
}

// Pair is the authority itself. Its key can vouch for any name in the world: keep it to yourself.
func (a *Authority) Pair() Pair { return encode(a.key, a.cert) }

// Issue makes a certificate for names and IP addresses, one at least, with a key of its own.
func (a *Authority) Issue(hosts ...string) (Pair, error) {
	if len(hosts) == 0 {
		return Pair{}, errors.New("a certificate needs a name or an IP address")
	}
	key := newKey()
	// TODO(13.1): It vouches for these hosts as servers, and for nothing else.
	template := &x509.Certificate{Subject: pkix.Name{CommonName: hosts[0]}} // placeholder: the way of 1999
	leaf, err := sign(template, a.cert, key.Public(), a.key)
	if err != nil {
		return Pair{}, err
	}
	return encode(key, leaf), nil
}

// newKey makes a key for one certificate.
func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // for other curves only
	}
	return key
}

// sign signs a certificate with the key of its parent. A template without a serial number gets one at random.
func sign(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// encode writes a key and a certificate as PEM.
func encode(key crypto.Signer, cert *x509.Certificate) Pair {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err) // for kinds of keys that tls.X509KeyPair does not read either
	}
	return Pair{
		Cert: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}),
		Key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	}
}
