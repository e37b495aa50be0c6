package testclient

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

// certificate is made once in a process and valid at any time that a bubble may show.
var certificate = sync.OnceValue(func() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "testclient"},
		NotBefore:             time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2049, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	for i := range 9 {
		template.IPAddresses = append(template.IPAddresses, net.IPv4(192, 0, 2, byte(i+1)))
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
})

func serverTLS() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{certificate()}}
}

func (s *Server) clientTLS(host string) *tls.Config {
	roots := s.roots
	if roots == nil {
		roots = x509.NewCertPool()
		roots.AddCert(certificate().Leaf)
	}
	return &tls.Config{RootCAs: roots, ServerName: host}
}

// Trust has clients speak TLS with a server, and trust the authorities in roots. It is for a server behind
// [World.At] that speaks TLS by itself, with a certificate for the IP address in [Server.URL].
func (s *Server) Trust(roots *x509.CertPool) *Server {
	s.tls, s.roots = true, roots
	return s
}
