package certs

import (
	"bytes"
	"crypto/tls"
	"os"
)

// Pair is a certificate, with those that lead to its authority, and its key, both in PEM.
type Pair struct {
	Cert, Key []byte
}

// ReadPair reads the two files of a pair. It does not look at what they hold.
func ReadPair(certFile, keyFile string) (Pair, error) {
	r := read(certFile, keyFile)
	return r.pair, r.err
}

// reading is what has come of reading the two files.
type reading struct {
	pair Pair
	err  error
}

func read(certFile, keyFile string) (r reading) {
	if r.pair.Cert, r.err = os.ReadFile(certFile); r.err == nil {
		r.pair.Key, r.err = os.ReadFile(keyFile)
	}
	return r
}

// equal tells whether two readings have come to the same.
func (r reading) equal(other reading) bool {
	// TODO(13.3): What is wrong counts as much as what the files hold.
	return bytes.Equal(r.pair.Cert, other.pair.Cert) // placeholder
}

// Write writes a pair into two files, for ReadPair. A program that reads one of them at the same time sees
// the old content or the new one, and only the owner can read the key.
func (p Pair) Write(certFile, keyFile string) error {
	if err := replace(keyFile, p.Key, 0o600); err != nil {
		return err
	}
	return replace(certFile, p.Cert, 0o644)
}

// replace gives a file other content, from one moment to the next.
func replace(name string, data []byte, mode os.FileMode) error {
	// TODO(13.1): No moment may show half a file, or one that others can read and should not.
	return os.WriteFile(name, data, 0o666) // placeholder
}

// parse returns what was read as TLS uses it, or says why it cannot be used now.
func (r reading) parse() (*tls.Certificate, error) {
	if r.err != nil {
		return nil, r.err
	}
	cert, err := tls.X509KeyPair(r.pair.Cert, r.pair.Key)
	if err != nil {
		return nil, err
	}
	// TODO(13.3): A certificate is of use if it is valid now.
	return &cert, nil
}
