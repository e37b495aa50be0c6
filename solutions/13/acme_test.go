package chat_test

import (
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/acme/autocert"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/13/certs"
)

// withACME is a test of a server for chat.test and www.chat.test whose certificates come by ACME. asked counts
// the requests to the authority, which gives no answer that helps.
func withACME(t *testing.T, a *authority, dir string, fn func(w *testclient.World, s *server, m *autocert.Manager, asked *atomic.Int32)) {
	testclient.Run(t, func(w *testclient.World) {
		var asked atomic.Int32
		directory := w.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			http.NotFound(w, r)
		}))
		transport := &http.Transport{DialContext: directory.Link(testclient.As("manager")).DialContext, DisableKeepAlives: true}
		m, err := certs.NewACME(certs.ACMEConfig{
			Hosts:        []string{"chat.test", "www.chat.test"},
			Dir:          dir,
			Email:        "ops@chat.test",
			DirectoryURL: directory.URL() + "/directory",
			HTTPClient:   &http.Client{Transport: transport},
		})
		require.NoError(w, err, "NewACME")
		cfg := lasting
		cfg.TLS = certs.ACMETLS(m)
		fn(w, start(w, cfg, a.roots), m, &asked)
	})
}

// kept puts a certificate where a manager keeps what it has got.
func kept(t *testing.T, a *authority, dir, name string) {
	t.Helper()
	cert, key := a.issue(t, 2, name, always)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), append(key, cert...), 0o600))
}

// Task 13.6 (8 points, after 13.2): Certificates come by ACME.
//
// Rules: 13.w.
func TestACMEAsksForItsHostsAlone(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	kept(t, a, dir, "chat.test")
	withACME(t, a, dir, func(w *testclient.World, s *server, m *autocert.Manager, asked *atomic.Int32) {
		if _, err := s.shake("ana", &tls.Config{RootCAs: a.roots, ServerName: "chat.test"}); err != nil {
			w.Fatalf("a handshake for chat.test failed, although Dir has a certificate for it: %v", err)
		}
		for _, name := range []string{"evil.test", "evil.chat.test", "chat.test.evil.test"} {
			if _, err := s.shake("bob", &tls.Config{RootCAs: a.roots, ServerName: name}); err == nil {
				w.Fatalf("a handshake for %s succeeded", name)
			}
		}
		if n := asked.Load(); n > 0 {
			w.Fatalf("the authority got %d requests, want none: there is a certificate for chat.test, and the other names are not the server's", n)
		}
		if _, err := s.shake("cleo", &tls.Config{RootCAs: a.roots, ServerName: "www.chat.test"}); err == nil {
			w.Fatalf("a handshake for www.chat.test succeeded, and there is no certificate for it")
		}
		if asked.Load() == 0 {
			w.Fatalf("a client asked for www.chat.test, which is among the Hosts, and the authority at DirectoryURL got no request")
		}
	})
}

// Task 13.6: What a manager gets it keeps in Dir, and says who it is.
//
// Rules: 13.x.
func TestACMEKeepsWhatItGets(t *testing.T) {
	a, dir := newAuthority(t), filepath.Join(t.TempDir(), "new", "acme")
	withACME(t, a, dir, func(w *testclient.World, s *server, m *autocert.Manager, asked *atomic.Int32) {
		require.NoError(w, m.Cache.Put(w.Context(), "something", []byte("kept")), "the manager's Cache")
		if data, err := os.ReadFile(filepath.Join(dir, "something")); err != nil || string(data) != "kept" {
			w.Fatalf("the manager does not keep things in Dir: %v", err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
			w.Fatalf("others can read Dir, which has keys in it: %v", info.Mode())
		}
		if m.Email != "ops@chat.test" || m.Prompt == nil || !m.Prompt("https://terms.test") {
			w.Fatalf("the manager's Email is %q, and it has to accept the terms", m.Email)
		}
	})
}

// Task 13.6: The server speaks HTTP/1.1, and the authority's own protocol.
//
// Rules: 13.h, 13.y.
func TestACMEChallengeOverTLS(t *testing.T) {
	a, dir := newAuthority(t), t.TempDir()
	kept(t, a, dir, "chat.test")
	withACME(t, a, dir, func(w *testclient.World, s *server, m *autocert.Manager, asked *atomic.Int32) {
		client := &tls.Config{RootCAs: a.roots, ServerName: "chat.test", NextProtos: []string{"h2", "http/1.1"}}
		conn, err := s.shake("ana", client)
		require.NoError(w, err, "a handshake that offers h2 and http/1.1")
		if got := conn.ConnectionState().NegotiatedProtocol; got != "http/1.1" {
			w.Fatalf("a client that offers h2 and http/1.1 got %q, want http/1.1 (rule 13.h)", got)
		}
		client.NextProtos = []string{"acme-tls/1"}
		_, err = s.shake("authority", client)
		if err != nil && strings.Contains(err.Error(), "no application protocol") {
			w.Fatalf("the authority's handshake for chat.test, with the protocol acme-tls/1, failed: %v (rule 13.y)", err)
		}
		w.Sleep(time.Second)
	})
}

// Task 13.6: What cannot work is an error at the start.
//
// Rules: 13.x.
func TestACMEConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	testclient.Run(t, func(w *testclient.World) {
		for _, hosts := range [][]string{nil, {"192.0.2.1"}, {"*.chat.test"}, {"chat.test:443"}, {"https://chat.test"}, {"localhost"},
			{"."}, {"chat."}, {"chat.test."}, {"chat..test"}, {".test"}, {"chat test.test"}, {"chat.test?x"}, {"user@chat.test"}, {"chat_1.test"},
			{long(70) + ".test"}, {strings.Repeat("chat.", 60) + "test"}, {""}, {"chat.test", "192.0.2.1"}} {
			if _, err := certs.NewACME(certs.ACMEConfig{Hosts: hosts, Dir: dir}); err == nil {
				w.Fatalf("NewACME with the Hosts %q = nil, want an error", hosts)
			}
		}
		for _, bad := range []string{"", filepath.Join(file, "acme")} {
			if _, err := certs.NewACME(certs.ACMEConfig{Hosts: []string{"chat.test"}, Dir: bad}); err == nil {
				w.Fatalf("NewACME with the Dir %q = nil, want an error: it cannot be made", bad)
			}
		}
		for _, hosts := range [][]string{{"chat.test"}, {"a.b.chat-1.test", "Chat.Test", "xn--bcher-kva.test", long(63) + ".test"}} {
			if _, err := certs.NewACME(certs.ACMEConfig{Hosts: hosts, Dir: dir}); err != nil {
				w.Fatalf("NewACME with the Hosts %q = %v, want nil", hosts, err)
			}
		}
	})
}

// Task 13.6: A folder that others can read is made private, or refused.
//
// Rules: 13.x.
func TestACMEFolderIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	dir := t.TempDir()
	testclient.Run(t, func(w *testclient.World) {
		cfg := certs.ACMEConfig{Hosts: []string{"chat.test"}, Dir: filepath.Join(dir, "fresh")}
		_, err := certs.NewACME(cfg)
		require.NoError(w, err, "NewACME with a Dir that does not exist")
		cfg.Dir = filepath.Join(dir, "open")
		require.NoError(w, os.Mkdir(cfg.Dir, 0o755))
		require.NoError(w, os.Chmod(cfg.Dir, 0o755))
		_, err = certs.NewACME(cfg)
		if info, _ := os.Stat(cfg.Dir); err == nil && info.Mode().Perm()&0o077 != 0 {
			w.Fatalf("NewACME has taken a Dir that others can read, %v, and left it so", info.Mode())
		}
	})
}
