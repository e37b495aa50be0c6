package chat_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/solutions/13/certs"
)

// Task 13.1 (10 points): An authority for development issues certificates that browsers accept.
//
// Rules: 13.a.
func TestAuthorityIsOne(t *testing.T) {
	_, cert := madeAuthority(t)
	if !cert.IsCA || !cert.BasicConstraintsValid || cert.KeyUsage&x509.KeyUsageCertSign == 0 {
		t.Fatalf("the authority's certificate has IsCA %v, KeyUsage %b: it may not sign certificates", cert.IsCA, cert.KeyUsage)
	}
	if cert.KeyUsage&^(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != 0 || len(cert.ExtKeyUsage) > 0 {
		t.Fatalf("the authority's certificate has KeyUsage %b, ExtKeyUsage %v: it may do more than sign", cert.KeyUsage, cert.ExtKeyUsage)
	}
	if cert.MaxPathLen != 0 || !cert.MaxPathLenZero {
		t.Fatalf("the authority's certificate has MaxPathLen %d, MaxPathLenZero %v: it may make further authorities", cert.MaxPathLen, cert.MaxPathLenZero)
	}
	if left := time.Until(cert.NotAfter); left < 365*24*time.Hour {
		t.Fatalf("the authority's certificate ends in %v, want a year or more: each end is a visit to every browser", left)
	}
}

// Task 13.1: A certificate holds for its hosts as servers, and for nothing else.
//
// Rules: 13.b.
func TestCertificateHoldsForItsHosts(t *testing.T) {
	a, root := madeAuthority(t)
	pair, err := a.Issue("chat.test", "192.0.2.7", "2001:db8::7")
	require.NoError(t, err, "Issue")
	leaf := parsed(t, pair)
	for _, name := range []string{"chat.test", "192.0.2.7", "[2001:db8::7]"} {
		if err := verify(leaf, root, name); err != nil {
			t.Fatalf("Issue(chat.test, 192.0.2.7, 2001:db8::7) has made a certificate that does not hold for %s: %v", name, err)
		}
	}
	for _, name := range []string{"www.chat.test", "other.test", "192.0.2.8"} {
		if verify(leaf, root, name) == nil {
			t.Fatalf("Issue(chat.test, 192.0.2.7, 2001:db8::7) has made a certificate that holds for %s too", name)
		}
	}
	if leaf.IsCA || leaf.KeyUsage&x509.KeyUsageCertSign != 0 {
		t.Fatalf("the certificate of a server may sign certificates: IsCA %v, KeyUsage %b", leaf.IsCA, leaf.KeyUsage)
	}
	if len(leaf.ExtKeyUsage) != 1 || leaf.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
		t.Fatalf("the certificate has ExtKeyUsage %v, want ExtKeyUsageServerAuth (%v) alone", leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	if _, err := a.Issue(); err == nil {
		t.Fatalf("Issue() = nil error, want one: a certificate for nobody")
	}
}

// Task 13.1: A certificate is valid at once, also where the clock is late, and for no longer than browsers accept.
//
// Rules: 13.c.
func TestCertificateIsValidLongEnough(t *testing.T) {
	a, root := madeAuthority(t)
	pair, err := a.Issue("chat.test")
	require.NoError(t, err, "Issue")
	now := time.Now()
	for _, cert := range []*x509.Certificate{root, parsed(t, pair)} {
		if now.Sub(cert.NotBefore) < 50*time.Minute {
			t.Fatalf("the certificate of %q is valid from %v on, it is %v: a client whose clock is an hour late refuses it", cert.Subject, cert.NotBefore, now)
		}
	}
	leaf := parsed(t, pair)
	if left := leaf.NotAfter.Sub(now); left < 29*24*time.Hour {
		t.Fatalf("the certificate ends in %v, want 30 days or more", left)
	}
	if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 398*24*time.Hour {
		t.Fatalf("the certificate is valid for %v, want 398 days at most", life)
	}
}

// Task 13.1: No two certificates have a key or a serial number in common.
//
// Rules: 13.d.
func TestCertificatesAreDifferent(t *testing.T) {
	a, root := madeAuthority(t)
	one, err := a.Issue("chat.test")
	require.NoError(t, err, "Issue")
	two, err := a.Issue("chat.test")
	require.NoError(t, err, "Issue")
	if bytes.Equal(one.Key, two.Key) {
		t.Fatalf("two certificates have the same key")
	}
	serials := map[string]bool{}
	for _, cert := range []*x509.Certificate{root, parsed(t, one), parsed(t, two)} {
		serial := cert.SerialNumber.String()
		if serials[serial] {
			t.Fatalf("two certificates have the serial number %s: browsers refuse the second one", serial)
		}
		serials[serial] = true
	}
}

// Task 13.1: Whoever reads a file sees the old content or the new one, and only the owner can read a key.
//
// Rules: 13.e.
func TestFilesAreReplaced(t *testing.T) {
	a, root := madeAuthority(t)
	files := newPairOfFiles(t)
	files.write([]byte("the old certificate"), []byte("the old key"))
	require.NoError(t, os.Chmod(files.key, 0o644))
	old, err := os.Open(files.cert)
	require.NoError(t, err)
	defer old.Close()

	pair, err := a.Issue("chat.test")
	require.NoError(t, err, "Issue")
	require.NoError(t, pair.Write(files.cert, files.key), "Write")
	if still, err := io.ReadAll(old); err != nil || string(still) != "the old certificate" {
		t.Fatalf("a program that had the old file open read %q from it after Write: write another file, and give it the name", still)
	}
	if info, err := os.Stat(files.key); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Fatalf("the key's file has the mode %v, want -rw-------", info.Mode())
	}
	if info, err := os.Stat(files.cert); err != nil || info.Mode().Perm() != 0o644 && runtime.GOOS != "windows" {
		t.Fatalf("the certificate's file has the mode %v, want -rw-r--r--", info.Mode())
	}
	read, err := certs.ReadPair(files.cert, files.key)
	require.NoError(t, err, "ReadPair")
	if err := verify(parsed(t, read), root, "chat.test"); err != nil {
		t.Fatalf("what Write has written does not hold: %v", err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(files.key), "*")); len(rest) != 2 {
		t.Fatalf("Write has left other files behind: %q", rest)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(files.key), ".*")); len(rest) != 0 {
		t.Fatalf("Write has left other files behind: %q", rest)
	}
}

// madeAuthority is an authority under test, and its certificate.
func madeAuthority(t *testing.T) (*certs.Authority, *x509.Certificate) {
	t.Helper()
	a, err := certs.NewAuthority()
	require.NoError(t, err, "NewAuthority")
	pair, err := a.Pair()
	require.NoError(t, err, "Pair")
	return a, parsed(t, pair)
}

// parsed is the certificate of a pair whose halves belong together.
func parsed(t *testing.T, p certs.Pair) *x509.Certificate {
	t.Helper()
	cert, err := tls.X509KeyPair(p.Cert, p.Key)
	require.NoError(t, err, "the pair in PEM")
	return cert.Leaf
}

// verify tells why a server with that certificate and name is refused by a client that trusts root.
func verify(leaf, root *x509.Certificate, name string) error {
	roots := x509.NewCertPool()
	roots.AddCert(root)
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
	return err
}
