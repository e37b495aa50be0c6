//go:build integration

package integration

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// secret11 is the key with which this file signs tokens.
const secret11 = "only-for-tests-and-32-bytes-long"

// guarded serves step 11 with that key.
func guarded(t *testing.T, ctx context.Context, args ...string) *server {
	t.Helper()
	k := base64.RawURLEncoding.EncodeToString([]byte(secret11))
	t.Setenv("CHAT_KEYS", `{"keys":[{"kid":"test","kty":"oct","k":"`+k+`"}]}`)
	return serve(t, ctx, "11", args...)
}

// token11 is a token for a client that holds for so long.
func token11(id string, lasts time.Duration) string {
	part := func(v any) string {
		data, _ := json.Marshal(v) // strings and numbers only
		return base64.RawURLEncoding.EncodeToString(data)
	}
	text := part(map[string]string{"alg": "HS256", "typ": "JWT", "kid": "test"}) + "." + part(map[string]any{
		"iss": "workshop", "aud": "chat", "sub": id, "rooms": []string{"*"},
		"nbf": time.Now().Unix(), "exp": time.Now().Add(lasts).Unix(),
	})
	mac := hmac.New(sha256.New, []byte(secret11))
	io.WriteString(mac, text)
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// enter joins a room with a token.
func enter(t *testing.T, browser context.Context, s *server, name string) *tab {
	t.Helper()
	p := open(t, browser, name, s.url+"?client_id="+name+"&room_id=lobby")
	p.fill("#token", token11(name, time.Hour))
	p.click("#toggle")
	p.expectJoined("lobby")
	return p
}

func TestStep11PageNeedsAToken(t *testing.T) {
	ctx := start(t, "11")
	b := browser(t, ctx)
	s := guarded(t, ctx)

	ana := open(t, b, "ana", s.url+"?client_id=ana&room_id=lobby")
	ana.click("#toggle")
	ana.expect("problem", "", "401: this server asks for a token.")
	ana.fill("#token", token11("ana", time.Hour)+"x")
	ana.click("#toggle")
	ana.expect("problem", "", "401: the token does not hold.")
	ana.fill("#token", token11("ana", time.Hour))
	ana.click("#toggle")
	ana.expectJoined("lobby")
	ana.say("/all hear me")
	ana.wait(func() string {
		return eval[string](ana, `log.textContent.includes("Not allowed") ? "" : "the page does not say that a broadcast is not allowed"`)
	})
	ana.look("step11-token")
}

func TestStep11HostileText(t *testing.T) {
	ctx := start(t, "11")
	b := browser(t, ctx)
	s := guarded(t, ctx)

	ana, bob := enter(t, b, s, "ana"), enter(t, b, s, "bob")
	for _, text := range []string{
		`<img src=x onerror="window.caught=1">`, `<script>window.caught=1</script>`, `<svg onload="window.caught=1">`,
		`<a href="javascript:window.caught=1">x</a>`, `&lt;b&gt;`, `"><iframe srcdoc="<script>top.caught=1</script>">`,
	} {
		ana.say(text)
		bob.expect("received", "ana", text)
	}
	if n := eval[int](bob, `log.querySelectorAll("img, script, svg, a, iframe").length`); n != 0 {
		t.Errorf("bob's log has %d elements that ana has made", n)
	}
	// The second lock: what gets past the page's care does not run.
	eval[bool](bob, `document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.caught=1'><svg onload='window.caught=1'></svg>"), true`)
	eval[bool](bob, `(() => { const s = document.createElement("script"); s.textContent = "window.caught=1"; document.body.append(s); return true; })()`)
	time.Sleep(500 * time.Millisecond)
	for _, p := range []*tab{ana, bob} {
		if eval[bool](p, `"caught" in window`) {
			t.Errorf("%s: a text has run in the page", p.name)
		}
	}
	bob.look("step11-hostile")
}

func TestStep11OtherSites(t *testing.T) {
	ctx := start(t, "11")
	b := browser(t, ctx)
	s := guarded(t, ctx)
	kittens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<!doctype html><p id="state" tabindex="0" autofocus>kittens</p>`)
	}))
	t.Cleanup(kittens.Close)

	evil := open(t, b, "evil", kittens.URL)
	attack := fmt.Sprintf(`(window.ends = [], (() => {
		const ws = new WebSocket(%q, ["chat.v1", "bearer." + %q]);
		ws.onopen = () => ends.push("open");
		ws.onclose = () => ends.push("refused");
		fetch(%q, { method: "POST", headers: { Authorization: "Bearer " + %q } }).then(() => ends.push("ticket"), () => ends.push("refused"));
	})(), true)`, "ws"+s.url[len("http"):]+"ws/ana", token11("ana", time.Hour), s.url+"ticket", token11("ana", time.Hour))
	eval[bool](evil, attack)
	evil.wait(func() string {
		return eval[string](evil, `ends.join() === "refused,refused" ? "" : "another site's page has: " + ends.join()`)
	})
}
