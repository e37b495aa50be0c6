package chat_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gorilla "github.com/gorilla/websocket"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/11/client"
)

// door answers handshakes one after the other, and notes what they bring. When it has no more answers, it
// lets everybody in.
type door struct {
	mu      sync.Mutex
	answers []answer
	brought []string // Authorization of each handshake
	others  []string // and X-Client
}

type answer struct {
	status     int
	retryAfter string

	says []string // to a client that is let in: one each five seconds
	ends bool     // five seconds after the last of them
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	d.brought = append(d.brought, strings.Join(r.Header.Values("Authorization"), " and "))
	d.others = append(d.others, r.Header.Get("X-Client"))
	var next answer
	if len(d.answers) > 0 {
		next, d.answers = d.answers[0], d.answers[1:]
	}
	d.mu.Unlock()
	if next.status != 0 {
		if next.retryAfter != "" {
			w.Header().Set("Retry-After", next.retryAfter)
		}
		http.Error(w, http.StatusText(next.status), next.status)
		return
	}
	conn, err := (&gorilla.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	for _, text := range next.says {
		time.Sleep(5 * time.Second)
		if conn.WriteMessage(gorilla.TextMessage, []byte(text)) != nil {
			return
		}
	}
	if next.ends {
		time.Sleep(5 * time.Second)
		return
	}
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

// tokens returns what the handshakes brought so far.
func (d *door) tokens() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.brought)
}

// knocking is a Go client that runs.
type knocking struct {
	link *testclient.Link
	done chan struct{}
	err  error
}

// knock is a test of a Go client at a door. The delays are one second, without jitter.
func knock(t *testing.T, cfg client.Config, answers []answer, fn func(w *testclient.World, d *door, k *knocking)) {
	testclient.Run(t, func(w *testclient.World) {
		d := &door{answers: answers}
		s := w.Serve(d)
		k := &knocking{link: s.Link(testclient.As("bob")), done: make(chan struct{})}
		cfg.URL = strings.Replace(s.URL(), "http", "ws", 1) + "/ws/bob?room_id=den"
		cfg.Dialer = &gorilla.Dialer{NetDialContext: k.link.DialContext}
		cfg.Jitter = func() float64 { return 0 }
		cfg.MaxDelay = time.Second
		c, err := client.New(cfg)
		if err != nil {
			w.Fatalf("client.New: %v", err)
		}
		ctx, stop := context.WithCancel(context.Background())
		go func() {
			defer close(k.done)
			k.err = c.Run(ctx)
		}()
		w.Cleanup(func() {
			stop()
			<-k.done
		})
		w.Settle()
		fn(w, d, k)
	})
}

// expectTokens fails unless the handshakes so far brought these.
func expectTokens(w *testclient.World, d *door, why string, want ...string) {
	w.Helper()
	w.Settle()
	if got := d.tokens(); !slices.Equal(got, want) {
		w.Fatalf("the client's handshakes had Authorization %q, want %q: %s", got, want, why)
	}
}

// numbered is a Token that is another one each time.
func numbered() func(context.Context) (string, error) {
	n := 0
	return func(context.Context) (string, error) {
		n++
		return fmt.Sprint("t", n), nil
	}
}

// Task 11.12 (4 points, after 11.6): Both clients send a token.
//
// Rules: 11.bs.
func TestGoClientCarriesAToken(t *testing.T) {
	header := http.Header{"X-Client": {"bob"}}
	knock(t, client.Config{Token: numbered(), Header: header}, nil, func(w *testclient.World, d *door, k *knocking) {
		expectTokens(w, d, "Config.Token returned t1", "Bearer t1")
		w.Sleep(time.Minute)
		for i := range 3 {
			k.link.Cut()
			w.Sleep(1500 * time.Millisecond)
			expectTokens(w, d, "Config.Token is asked before each handshake", []string{"Bearer t1", "Bearer t2", "Bearer t3", "Bearer t4"}[:i+2]...)
			w.Sleep(time.Minute)
		}
		if others := d.others; !slices.Equal(others, []string{"bob", "bob", "bob", "bob"}) {
			w.Fatalf("the client's handshakes had X-Client %q, want bob in each: Config.Header has it", others)
		}
		if len(header) != 1 {
			w.Fatalf("the client has changed Config.Header, which belongs to its caller: %v", header)
		}
	})
	knock(t, client.Config{Header: http.Header{"Authorization": {"Bearer mine"}}}, nil, func(w *testclient.World, d *door, k *knocking) {
		expectTokens(w, d, "there is no Config.Token, and Header has one", "Bearer mine")
	})
}

// Task 11.12: With another token, another attempt makes sense.
//
// Rules: 11.bs.
func TestGoClientGetsAnotherToken(t *testing.T) {
	knock(t, client.Config{Token: numbered()}, []answer{{status: 401}, {status: 401}}, func(w *testclient.World, d *door, k *knocking) {
		w.Sleep(5 * time.Second)
		expectTokens(w, d, "a 401 is a reason to ask Config.Token again", "Bearer t1", "Bearer t2", "Bearer t3")
	})
	for status, cfg := range map[int]client.Config{401: {}, 403: {Token: numbered()}, 400: {Token: numbered()}} {
		knock(t, cfg, []answer{{status: status}, {status: status}}, func(w *testclient.World, d *door, k *knocking) {
			w.Sleep(time.Minute)
			select {
			case <-k.done:
			default:
				w.Fatalf("a client was refused with %d, and Run has not returned: the next attempt would be refused in the same way", status)
			}
			refused, ok := errors.AsType[*client.RefusedError](k.err)
			if !ok || refused.Status != status || len(d.tokens()) != 1 {
				w.Fatalf("Run returned %v after %d attempts, want the refusal with %d after one", k.err, len(d.tokens()), status)
			}
		})
	}
}

// Task 11.12: Where there is no token, there is no attempt, and another one later.
//
// Rules: 11.bs.
func TestGoClientWithoutAToken(t *testing.T) {
	asked := 0
	away := errors.New("the login service is away")
	token := func(context.Context) (string, error) {
		if asked++; asked < 4 {
			return "half a token", away
		}
		return "good", nil
	}
	knock(t, client.Config{Token: token}, nil, func(w *testclient.World, d *door, k *knocking) {
		w.Sleep(2500 * time.Millisecond)
		expectTokens(w, d, "Config.Token has returned errors so far")
		w.Sleep(time.Second)
		expectTokens(w, d, "at the fourth time, Config.Token returned a token", "Bearer good")
	})
}

// Task 11.12: Whatever the error of Token is about, it is no answer of the chat server.
//
// Rules: 11.bs.
func TestGoClientsTokenFailsInAnyWay(t *testing.T) {
	for _, about := range []error{
		&client.RefusedError{Status: 403}, &gorilla.CloseError{Code: 1008}, &tls.CertificateVerificationError{Err: errors.New("expired")}, context.Canceled,
	} {
		asked := 0
		token := func(context.Context) (string, error) {
			if asked++; asked < 3 {
				return "", fmt.Errorf("log in: %w", about)
			}
			return "good", nil
		}
		knock(t, client.Config{Token: token}, nil, func(w *testclient.World, d *door, k *knocking) {
			w.Note("Config.Token returned an error that wraps a %T twice", about)
			w.Sleep(5 * time.Second)
			expectTokens(w, d, "at the third time, Config.Token returned a token", "Bearer good")
		})
	}
}

// expectDials fails unless a client has dialled at these times, or a moment later.
func expectDials(w *testclient.World, k *knocking, why string, want ...time.Duration) {
	w.Helper()
	got := k.link.Dials()
	if !slices.EqualFunc(got, want, func(g, w time.Duration) bool { return w <= g && g <= w+100*time.Millisecond }) {
		w.Fatalf("the client has dialled at %v, want %v: %s", got, want, why)
	}
}

// Task 11.12: Retry-After may be a date, and any number.
//
// Rules: 11.bt.
func TestGoClientReadsRetryAfter(t *testing.T) {
	began := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // of each test
	for text, wait := range map[string]time.Duration{
		began.Add(40 * time.Second).Format(http.TimeFormat): 40 * time.Second,
		began.Add(-time.Hour).Format(http.TimeFormat):       time.Second,
		"100000":               100_000 * time.Second,
		"99999999999999999999": 30 * 24 * time.Hour,
		"-5":                   time.Second,
		"1.5":                  time.Second,
	} {
		knock(t, client.Config{}, []answer{{status: 503, retryAfter: text}}, func(w *testclient.World, d *door, k *knocking) {
			w.Note("Retry-After: %s", text)
			if wait >= 30*24*time.Hour {
				w.Sleep(wait)
				expectDials(w, k, "the server is away for longer than anybody waits", 0)
				return
			}
			w.Sleep(wait + time.Second)
			expectDials(w, k, "the next attempt comes after Retry-After, and after 1s at least", 0, wait)
		})
	}
}

// Task 11.12: A refusal counts in a move, too.
//
// Rules: 11.bt.
func TestGoClientIsRefusedInAMove(t *testing.T) {
	const welcome, reconnect = `{"type":"welcome","session_id":"s","message_id":"w"}`, `{"type":"reconnect","data":{"window_ms":0}}`
	for why, first := range map[string]answer{
		"the connection has ended, and the server has asked for 30s before that":   {says: []string{welcome, reconnect}, ends: true},
		"the server asks for another move, and has asked for 30s before that":      {says: []string{welcome, reconnect, reconnect}},
		"the server asks for other moves again, and has asked for 30s before that": {says: []string{welcome, reconnect, reconnect, reconnect}},
	} {
		answers := []answer{first, {status: 503, retryAfter: "30"}, {says: []string{welcome}}}
		knock(t, client.Config{}, answers, func(w *testclient.World, d *door, k *knocking) {
			w.Sleep(2 * time.Minute)
			expectDials(w, k, why, 0, 10*time.Second, 40*time.Second)
		})
	}
}

// Task 11.12: A refusal may say when to come again.
//
// Rules: 11.bt.
func TestGoClientHeedsRetryAfter(t *testing.T) {
	for _, status := range []int{429, 503} {
		answers := []answer{{status: status, retryAfter: "30"}, {status: status, retryAfter: "0"}, {status: status}, {status: status, retryAfter: "soon"}, {status: status, retryAfter: "7"}}
		knock(t, client.Config{}, answers, func(w *testclient.World, d *door, k *knocking) {
			w.Sleep(5 * time.Minute)
			dials := k.link.Dials()
			if len(dials) != 6 {
				w.Fatalf("the client has dialled %d times in 5m, want 6 (at %v)", len(dials), dials)
			}
			for i, want := range []time.Duration{30 * time.Second, time.Second, time.Second, time.Second, 7 * time.Second} {
				if got := dials[i+1] - dials[i]; got < want || got > want+100*time.Millisecond {
					w.Fatalf("after the refusal %d with Retry-After: %q, the client waited %v, want %v: it waits for its own delay (1s), and for Retry-After at least",
						status, answers[i].retryAfter, got, want)
				}
			}
		})
	}
}
