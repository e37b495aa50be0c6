//go:build integration

package integration

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/scripts/internal/workspace"
)

// deployment is a proxy with a certificate from the step's own devcert.
type deployment struct {
	t   *testing.T
	ctx context.Context
	dir string // of all files

	secure, plain string // addresses of the proxy, or of the server itself
	roots         *x509.CertPool
}

func newDeployment(t *testing.T, ctx context.Context) *deployment {
	t.Helper()
	d := &deployment{t: t, ctx: ctx, dir: t.TempDir(), secure: freeAddr(t), plain: freeAddr(t), roots: x509.NewCertPool()}
	d.renew()
	authority, err := os.ReadFile(d.file("ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	d.roots.AppendCertsFromPEM(authority)
	return d
}

// instance runs the step's server as one that stands behind a proxy on this machine.
func instance(t *testing.T, ctx context.Context, args ...string) *server {
	t.Helper()
	return serve(t, ctx, "13", append([]string{"-open", "-admin-addr", "", "-trusted-proxy", "127.0.0.1/32"}, args...)...)
}

// renew makes another certificate.
func (d *deployment) renew() {
	d.t.Helper()
	tool(d.t, d.ctx, stepDir(d.t, "13"), "go", "run", "./cmd/devcert", "-dir", d.dir, "localhost", "127.0.0.1", "chat.test")
}

func (d *deployment) file(name string) string { return filepath.Join(d.dir, name) }

// stepDir is the learner's code of a step, or the reference.
func stepDir(t *testing.T, step workspace.Step) string {
	t.Helper()
	if os.Getenv("WORKSHOP_MINE") == "1" {
		return root(t).StepDir(step)
	}
	return root(t).SolutionDir(step)
}

// configure writes a file of the step's folder deploy, with other words in some places. Each must be there.
func (d *deployment) configure(name string, words map[string]string) string {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(stepDir(d.t, "13"), "deploy", name))
	if err != nil {
		d.t.Fatal(err)
	}
	text := string(data)
	for from, to := range words {
		if !strings.Contains(text, from) {
			d.t.Fatalf("deploy/%s has no %q: this test replaces it", name, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	if err := os.WriteFile(d.file(name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return d.file(name)
}

// client makes requests that are sent nowhere else.
func (d *deployment) client() *http.Client {
	return &http.Client{
		Timeout:       5 * time.Second,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: d.roots}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get makes a request that must be answered with a status.
func (d *deployment) get(url string, status int) *http.Response {
	d.t.Helper()
	resp, err := d.client().Get(url)
	if err != nil {
		d.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != status {
		d.t.Fatalf("GET %s was answered %s, want %d", url, resp.Status, status)
	}
	return resp
}

// await returns when the secure address is answered by a server that is ready.
func (d *deployment) await() {
	d.t.Helper()
	eventually(d.t, 20*time.Second, "https://"+d.secure+"/ready is 200", func() bool {
		resp, err := d.client().Get("https://" + d.secure + "/ready")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// chatter is a client that answers heartbeats.
type chatter struct {
	d       *deployment
	conn    *websocket.Conn
	welcome struct {
		Resumed bool `json:"resumed"`
	}
	session string
	said    chan string   // the text of each message
	ended   chan struct{} // closed when the connection has ended
}

type chatMessage struct {
	Type      string          `json:"type"`
	Data      json.RawMessage `json:"data,omitempty"`
	ID        string          `json:"message_id,omitempty"`
	SessionID string          `json:"session_id,omitempty"`
}

// tryJoin opens wss:// through the proxy, perhaps for a session.
func (d *deployment) tryJoin(name, session string) (*chatter, error) {
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: d.roots}, HandshakeTimeout: 5 * time.Second}
	url := "wss://" + d.secure + "/ws/" + name
	if session != "" {
		url += "?session_id=" + session
	}
	// That a page of the proxy's own may connect, the server knows from Host and X-Forwarded-Proto.
	conn, _, err := dialer.DialContext(d.ctx, url, http.Header{"Origin": {"https://" + d.secure}})
	if err != nil {
		return nil, err
	}
	c := &chatter{d: d, conn: conn, said: make(chan string, 100), ended: make(chan struct{})}
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	var m chatMessage
	if err := conn.ReadJSON(&m); err != nil {
		conn.Close()
		return nil, err
	}
	conn.SetReadDeadline(time.Time{})
	c.session = m.SessionID
	json.Unmarshal(m.Data, &c.welcome)
	go c.read()
	d.t.Cleanup(func() {
		conn.Close()
		<-c.ended
	})
	return c, nil
}

func (d *deployment) join(name, session string) *chatter {
	d.t.Helper()
	c, err := d.tryJoin(name, session)
	if err != nil {
		d.t.Fatalf("%s joins through the proxy: %v", name, err)
	}
	return c
}

func (c *chatter) read() {
	defer close(c.ended)
	for {
		var m chatMessage
		if c.conn.ReadJSON(&m) != nil {
			return
		}
		switch m.Type {
		case "heartbeat":
			c.conn.WriteJSON(chatMessage{Type: "heartbeat_ack", ID: m.ID})
		case "message":
			c.said <- string(bytes.Trim(m.Data, `"`))
		}
	}
}

// say has c say something, and hear it.
func (c *chatter) say(text string) {
	c.d.t.Helper()
	data, _ := json.Marshal(text)
	if err := c.conn.WriteJSON(chatMessage{Type: "message", Data: data}); err != nil {
		c.d.t.Fatal(err)
	}
	late := time.After(5 * time.Second)
	for {
		select {
		case got := <-c.said:
			if got == text {
				return
			} // otherwise a session that was resumed repeats what was said before
		case <-c.ended:
			c.d.t.Fatalf("the connection ended before %q was heard", text)
		case <-late:
			c.d.t.Fatalf("%q was not heard within 5s", text)
		}
	}
}

// hasEnded tells whether the connection is over.
func (c *chatter) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// port is that of an address.
func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// certificate is what a server shows for a name, whoever vouches for it.
func (d *deployment) certificate(name string) (*x509.Certificate, error) {
	dialer := &net.Dialer{Timeout: 30 * time.Second}
	conn, err := tls.DialWithDialer(dialer, "tcp", d.secure, &tls.Config{ServerName: name, InsecureSkipVerify: true})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0], nil
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// reachable tells whether somebody listens at an address.
func reachable(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err == nil {
		conn.Close()
	}
	return err == nil
}
