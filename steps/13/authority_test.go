package chat_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/steps/13/certs"

	"wsworkshop/pkg/testclient"
)

// Task 13.1 (10 points): An authority for development issues certificates that browsers accept.
//
// Rules: 13.a.
func TestAuthorityIsOne(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		_, cert := madeAuthority(w)
		if !cert.IsCA || !cert.BasicConstraintsValid || cert.KeyUsage&x509.KeyUsageCertSign == 0 {
			w.Fatalf("the authority's certificate has IsCA %v, BasicConstraintsValid %v, KeyUsage %s: it may not sign certificates", cert.IsCA, cert.BasicConstraintsValid, usages(cert.KeyUsage))
		}
		if cert.KeyUsage&^(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != 0 {
			w.Fatalf("the authority's certificate has KeyUsage %s: it may do more than sign", usages(cert.KeyUsage))
		}
		for _, use := range cert.ExtKeyUsage { // of an authority, it bounds what it may sign
			if use != x509.ExtKeyUsageServerAuth {
				w.Fatalf("the authority's certificate has ExtKeyUsage %v: it may sign more than certificates of servers, ExtKeyUsageServerAuth (%v)", cert.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
			}
		}
		if cert.MaxPathLen != 0 || !cert.MaxPathLenZero {
			w.Fatalf("the authority's certificate has MaxPathLen %d, MaxPathLenZero %v: it may make further authorities", cert.MaxPathLen, cert.MaxPathLenZero)
		}
		if left := time.Until(cert.NotAfter); left < 365*24*time.Hour {
			w.Fatalf("the authority's certificate ends in %v, want a year or more: each end is a visit to every browser", left)
		}
	})
}

// Task 13.1: A certificate holds for its hosts as servers, and for nothing else.
//
// Rules: 13.b.
func TestCertificateHoldsForItsHosts(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		a, root := madeAuthority(w)
		pair, err := a.Issue("chat.test", "192.0.2.7", "2001:db8::7")
		require.NoError(w, err, "Issue")
		leaf := parsed(w, pair)
		for _, name := range []string{"chat.test", "192.0.2.7", "[2001:db8::7]"} {
			if err := verify(leaf, root, name); err != nil {
				w.Fatalf("Issue(chat.test, 192.0.2.7, 2001:db8::7) has made a certificate that does not hold for %s: %v", name, err)
			}
		}
		for _, name := range []string{"www.chat.test", "other.test", "192.0.2.8"} {
			if verify(leaf, root, name) == nil {
				w.Fatalf("Issue(chat.test, 192.0.2.7, 2001:db8::7) has made a certificate that holds for %s too", name)
			}
		}
		if leaf.IsCA || leaf.KeyUsage&x509.KeyUsageCertSign != 0 {
			w.Fatalf("the certificate of a server may sign certificates: IsCA %v, KeyUsage %s", leaf.IsCA, usages(leaf.KeyUsage))
		}
		if len(leaf.ExtKeyUsage) != 1 || leaf.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
			w.Fatalf("the certificate has ExtKeyUsage %v, want ExtKeyUsageServerAuth (%v) alone", leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
		}
		if _, err := a.Issue(); err == nil {
			w.Fatalf("Issue() = nil error, want one: a certificate for nobody")
		}
		if _, err := a.Issue("bücher.test"); err == nil {
			w.Fatalf("Issue(bücher.test) = nil error, want one: in a certificate it would have to be xn--bcher-kva.test")
		}
	})
}

// Task 13.1: A certificate is valid at once, also where the clock is late, and for no longer than browsers accept.
//
// Rules: 13.c.
func TestCertificateIsValidLongEnough(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		a, root := madeAuthority(w)
		pair, err := a.Issue("chat.test")
		require.NoError(w, err, "Issue")
		now := time.Now()
		for _, cert := range []*x509.Certificate{root, parsed(w, pair)} {
			if now.Sub(cert.NotBefore) < 50*time.Minute {
				w.Fatalf("the certificate of %q is valid from %v on, it is %v: a client whose clock is an hour late refuses it", cert.Subject, cert.NotBefore, now)
			}
		}
		leaf := parsed(w, pair)
		if left := leaf.NotAfter.Sub(now); left < 29*24*time.Hour {
			w.Fatalf("the certificate ends in %v, want 30 days or more", left)
		}
		if life := leaf.NotAfter.Sub(leaf.NotBefore); life > 398*24*time.Hour {
			w.Fatalf("the certificate is valid for %v, want 398 days at most", life)
		}
	})
}

// Task 13.1: No two certificates have a key or a serial number in common.
//
// Rules: 13.d.
func TestCertificatesAreDifferent(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		a, root := madeAuthority(w)
		one, err := a.Issue("chat.test")
		require.NoError(w, err, "Issue")
		two, err := a.Issue("chat.test")
		require.NoError(w, err, "Issue")
		if bytes.Equal(one.Key, two.Key) {
			w.Fatalf("two certificates have the same key")
		}
		serials := map[string]bool{}
		for _, cert := range []*x509.Certificate{root, parsed(w, one), parsed(w, two)} {
			serial := cert.SerialNumber.String()
			if serials[serial] {
				w.Fatalf("two certificates have the serial number %s: browsers refuse the second one", serial)
			}
			serials[serial] = true
		}
	})
}

// Task 13.1: Whoever reads a file sees the old content or the new one, and only the owner can read a key.
//
// Rules: 13.e.
func TestFilesAreReplaced(t *testing.T) {
	files := newPairOfFiles(t)
	testclient.Run(t, func(w *testclient.World) {
		a, root := madeAuthority(w)
		files.write([]byte("the old certificate"), []byte("the old key"))
		require.NoError(w, os.Chmod(files.key, 0o644))
		old, err := os.Open(files.cert)
		require.NoError(w, err)
		defer old.Close()

		pair, err := a.Issue("chat.test")
		require.NoError(w, err, "Issue")
		require.NoError(w, pair.Write(files.cert, files.key), "Write")
		if still, err := io.ReadAll(old); err != nil || string(still) != "the old certificate" {
			w.Fatalf("a program that had the old file open read %q from it after Write: write another file, and give it the name", still)
		}
		if info, err := os.Stat(files.key); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			w.Fatalf("the key's file has the mode %v, want -rw-------", info.Mode())
		}
		if info, err := os.Stat(files.cert); err != nil || info.Mode().Perm() != 0o644 && runtime.GOOS != "windows" {
			w.Fatalf("the certificate's file has the mode %v, want -rw-r--r--", info.Mode())
		}
		read, err := certs.ReadPair(files.cert, files.key)
		require.NoError(w, err, "ReadPair")
		if err := verify(parsed(w, read), root, "chat.test"); err != nil {
			w.Fatalf("what Write has written does not hold: %v", err)
		}
		if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(files.key), "*")); len(rest) != 2 {
			w.Fatalf("Write has left other files behind: %q", rest)
		}
		if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(files.key), ".*")); len(rest) != 0 {
			w.Fatalf("Write has left other files behind: %q", rest)
		}
	})
}

// Task 13.1: What cannot be written is an error, and leaves nothing behind.
//
// Rules: 13.e.
func TestFilesThatCannotBeReplaced(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "taken", "by a folder"), 0o700))
	testclient.Run(t, func(w *testclient.World) {
		a, _ := madeAuthority(w)
		if err := a.Pair().Write(filepath.Join(dir, "missing", "cert.pem"), filepath.Join(dir, "missing", "key.pem")); err == nil {
			w.Fatalf("Write into a folder that does not exist = nil, want an error")
		}
		if err := a.Pair().Write(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "taken")); err == nil {
			w.Fatalf("Write to a name that is a folder's = nil, want an error")
		}
		if rest, _ := os.ReadDir(dir); len(rest) != 1 {
			w.Fatalf("Write has failed, and has left files behind: %v", rest)
		}
	})
}

// Task 13.1: An authority that was written down issues certificates as before.
//
// Rules: 13.a, 13.b.
func TestAuthorityIsReadAgain(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		a, root := madeAuthority(w)
		again, err := certs.ReadAuthority(a.Pair())
		require.NoError(w, err, "ReadAuthority")
		pair, err := again.Issue("chat.test")
		require.NoError(w, err, "Issue")
		if err := verify(parsed(w, pair), root, "chat.test"); err != nil {
			w.Fatalf("a certificate of the authority that was read again does not hold: %v", err)
		}
		if _, err := certs.ReadAuthority(pair); err == nil {
			w.Fatalf("ReadAuthority of a server's certificate = nil error, want one")
		}
		if _, err := certs.ReadAuthority(certs.Pair{Cert: a.Pair().Cert, Key: pair.Key}); err == nil {
			w.Fatalf("ReadAuthority of an authority with another key = nil error, want one")
		}
	})
}

// madeAuthority is an authority under test, and its certificate.
func madeAuthority(w *testclient.World) (*certs.Authority, *x509.Certificate) {
	w.Helper()
	a, err := certs.NewAuthority()
	require.NoError(w, err, "NewAuthority")
	return a, parsed(w, a.Pair())
}

// parsed is the certificate of a pair whose halves belong together.
func parsed(w *testclient.World, p certs.Pair) *x509.Certificate {
	w.Helper()
	cert, err := tls.X509KeyPair(p.Cert, p.Key)
	require.NoError(w, err, "the pair in PEM")
	return cert.Leaf
}

// usages names what a key may be used for.
func usages(u x509.KeyUsage) string {
	var names []string
	for i, name := range strings.Fields("DigitalSignature ContentCommitment KeyEncipherment DataEncipherment KeyAgreement CertSign CRLSign EncipherOnly DecipherOnly") {
		if u&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, "|")
}

// verify tells why a server with that certificate and name is refused by a client that trusts root.
func verify(leaf, root *x509.Certificate, name string) error {
	roots := x509.NewCertPool()
	roots.AddCert(root)
	_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name})
	return err
}
