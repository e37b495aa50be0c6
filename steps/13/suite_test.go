package chat_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/13"
)

// lasting is the Config with which most of this step is graded.
var lasting = chat.Config{CloseTimeout: 5 * time.Second}

// server is a server under test that serves by itself.
type server struct {
	*chattest.Server
	w        *testclient.World
	end      context.CancelFunc // of the ctx of Serve
	returned chan struct{}      // closed when Serve has returned
	err      error              // what it returned; may be read then
}

// run is a test in virtual time with a fresh server that speaks TLS in this way. Its clients trust roots.
func run(t *testing.T, cfg chat.Config, roots *x509.CertPool, fn func(w *testclient.World, s *server)) {
	testclient.Run(t, func(w *testclient.World) { fn(w, start(w, cfg, roots)) })
}

// start has a fresh server serve, until the test is over at the latest.
func start(w *testclient.World, cfg chat.Config, roots *x509.CertPool) *server {
	chattest.Vocabulary(w, "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack")
	chattest.AnswerHeartbeats(w)
	cfg.Logger = w.Logger()
	c, err := chat.New(cfg)
	require.NoError(w, err, "chat.New")
	ln := w.Listen()
	s := &server{Server: chattest.At(w, ln, cfg), w: w, returned: make(chan struct{})}
	if roots != nil {
		s.Trust(roots)
	}
	ctx, end := context.WithCancel(context.Background())
	s.end = end
	go func() {
		defer close(s.returned)
		s.err = c.Serve(ctx, ln)
	}()
	s.Cleanup("Serve", func() {
		end()
		<-s.returned
	})
	w.Settle()
	return s
}

// dial connects to the server below HTTP, and below TLS.
func (s *server) dial(name string, opts ...testclient.DialOption) (net.Conn, *testclient.Link) {
	s.w.Helper()
	link := s.Link(append(opts, testclient.As(name))...)
	conn, err := link.DialContext(s.w.Context(), "tcp", "")
	require.NoError(s.w, err, "connecting")
	s.w.Cleanup(func() { conn.Close() })
	return conn, link
}

// shake makes a TLS handshake with the server, within a second.
func (s *server) shake(name string, cfg *tls.Config) (*tls.Conn, error) {
	s.w.Helper()
	raw, _ := s.dial(name)
	conn := tls.Client(raw, cfg)
	conn.SetDeadline(time.Now().Add(time.Second))
	err := conn.HandshakeContext(s.w.Context())
	s.w.NoteBy(name, "TLS handshake: %s", outcome(err))
	return conn, err
}

func outcome(err error) string {
	if err != nil {
		return err.Error()
	}
	return "done"
}

// authority vouches for certificates of a test, without the code under test.
type authority struct {
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	roots *x509.CertPool
}

// always is a time in which every bubble lies.
var always = [2]time.Time{time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2060, 1, 1, 0, 0, 0, 0, time.UTC)}

// newAuthority makes one. It may be called outside of a bubble.
func newAuthority(t require.TestingT) *authority {
	a := &authority{roots: x509.NewCertPool()}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the test's authority"},
		NotBefore: always[0], NotAfter: always[1],
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	require.NoError(t, err)
	a.cert, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	a.roots.AddCert(a.cert)
	return a
}

// issue makes a certificate for one host, valid between two times, in PEM. Its serial number tells it from others.
func (a *authority) issue(t require.TestingT, serial int64, host string, valid [2]time.Time) (cert, key []byte) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: valid[0], NotAfter: valid[1],
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, k.Public(), a.key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
}

// forHost is issue as a handshake uses it.
func (a *authority) forHost(t require.TestingT, host string) *tls.Certificate {
	cert, err := tls.X509KeyPair(a.issue(t, 2, host, always))
	require.NoError(t, err)
	return &cert
}

// host is the address of the first server of a test, and so its name in certificates.
const host = "192.0.2.1"

// from is a source that has one certificate.
func from(cert *tls.Certificate) func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return cert, nil }
}

// pairOfFiles are the two files that a test replaces.
type pairOfFiles struct {
	t         *testing.T
	cert, key string
}

func newPairOfFiles(t *testing.T) *pairOfFiles {
	dir := t.TempDir()
	return &pairOfFiles{t: t, cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
}

// write replaces both files.
func (p *pairOfFiles) write(cert, key []byte) {
	writeFile(p.t, p.cert, cert)
	writeFile(p.t, p.key, key)
}

// writeFile replaces a file. It keeps the file's time, as some programs do that renew certificates.
func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, data, 0o600))
	long := time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(name, long, long))
}

// long is a text of so many bytes.
func long(n int) string { return strings.Repeat("x", n) }
