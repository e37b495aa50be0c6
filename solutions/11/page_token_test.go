package chat_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/11"
)

// porter stands before a server with tokens and notes what the page asks for.
type porter struct {
	*chat.Server
	mu      sync.Mutex
	blocked bool     // WebSockets do not get through
	asked   []string // what came, without query
	urls    []string
	offers  []string // Sec-WebSocket-Protocol of each handshake
}

func (p *porter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	blocked := p.blocked && strings.HasPrefix(r.URL.Path, "/ws/")
	if !strings.HasSuffix(r.URL.Path, ".js") {
		p.asked = append(p.asked, r.Method+" "+r.URL.Path)
		p.urls = append(p.urls, r.RequestURI)
		if offer := r.Header.Get("Sec-WebSocket-Protocol"); offer != "" {
			p.offers = append(p.offers, offer)
		}
	}
	p.mu.Unlock()
	if blocked {
		http.Error(w, "no WebSocket here", http.StatusBadGateway)
		return
	}
	p.Server.ServeHTTP(w, r)
}

// requests returns what the page asked for so far.
func (p *porter) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// offered returns the subprotocols that each handshake has offered so far.
func (p *porter) offered() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.offers)
}

// openPage opens chat.js, and the fallback after it.
func openPage(w *testclient.World, s *testclient.Server) *testpage.Page {
	p := testpage.Open(w, s, "/chat.js")
	p.Load("/events.js")
	return p.Within(5 * time.Second)
}

// withPage is a test of a page at a server with tokens. blocked keeps WebSockets away.
func withPage(t *testing.T, blocked bool, fn func(w *testclient.World, p *testpage.Page, door *porter)) {
	testclient.Run(t, func(w *testclient.World) {
		manners(w)
		cfg := guarded(w, lasting)
		cfg.ResumeWindow = time.Hour
		d := &porter{Server: newServer(w, cfg), blocked: blocked}
		s := w.Serve(d)
		p := openPage(w, s)
		p.Run(`const states = [], got = [];
const client = new ChatClient({
  url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page?room_id=den",
  onState: (state) => states.push(state),
  onMessage: (message) => got.push(message),
  random: () => 0,
});`)
		fn(w, p, d)
	})
}

// give gives the page a token that ends so long after the test began.
func give(w *testclient.World, p *testpage.Page, method string, end time.Duration) string {
	token := tokenOf(w, "page", "exp", expiring(w, end))
	p.Run(fmt.Sprintf(method, token))
	return token
}

// expectOpen fails unless the page is connected by a transport.
func expectOpen(w *testclient.World, p *testpage.Page, transport string) {
	w.Helper()
	p.Await("be connected over "+transport, `client.state === "open" && client.transport === "`+transport+`"`)
}

// expectNoToken fails if a URL has a part of a token.
func (d *porter) expectNoToken(w *testclient.World, token string) {
	w.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, url := range d.urls {
		for part := range strings.SplitSeq(token, ".") {
			if strings.Contains(url, part) {
				w.Fatalf("the page asked for %.100s…: a token must not be in a URL, which ends up in logs", url)
			}
		}
	}
}

// Task 11.12: The page offers its token as a subprotocol.
//
// Rules: 11.bu.
func TestPageOffersItsToken(t *testing.T) {
	withPage(t, false, func(w *testclient.World, p *testpage.Page, d *porter) {
		token := give(w, p, `client.token = %q; client.connect();`, time.Hour)
		expectOpen(w, p, "websocket")
		d.expectNoToken(w, token)
		d.mu.Lock()
		defer d.mu.Unlock()
		offers := strings.Split(strings.ReplaceAll(strings.Join(d.offers, ","), " ", ""), ",")
		if want := []string{"bearer." + token, "chat.v1"}; !slices.Equal(slices.Sorted(slices.Values(offers)), want) {
			w.Fatalf("the page offered the subprotocols %.60q, want chat.v1 and bearer.<token>: some browsers fail if none of them is chosen", d.offers)
		}
	})
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, lasting)
		p := openPage(w, s.Server.Server)
		p.Run(`class Asked extends WebSocket { constructor(url, protocols) { super(url, protocols); asked.push([].concat(protocols ?? [])); } }
const asked = [];
const client = new ChatClient({ url: "` + strings.Replace(s.URL(), "http", "ws", 1) + `/ws/page", WebSocket: Asked });
client.connect();`)
		expectOpen(w, p, "websocket")
		var asked [][]string
		if p.Get("asked", &asked); len(asked) != 1 || len(asked[0]) != 0 {
			w.Fatalf("a page without a token offered the subprotocols %q, want none", asked)
		}
	})
}

// Task 11.12: For the fallback, a token gets a ticket, for each stream another one.
//
// Rules: 11.bu.
func TestPageGetsTickets(t *testing.T) {
	withPage(t, true, func(w *testclient.World, p *testpage.Page, d *porter) {
		token := give(w, p, `client.token = %q; client.connect();`, time.Hour)
		expectOpen(w, p, "events")
		p.Run(`client.send({ type: "message", data: "over the fallback" });`)
		p.Await("hear its own message", `got.some(({ data }) => data === "over the fallback")`)
		d.expectNoToken(w, token)
		want := []string{"GET /ws/page", "POST /ticket", "GET /events/page", "POST /events/page"}
		if got := d.requests(); !slices.Equal(got, want) {
			w.Fatalf("the page asked for %q, want %q", got, want)
		}
		w.Note("the page leaves, and comes back")
		p.Run(`client.disconnect();`)
		p.Await("be closed", `client.state === "closed"`)
		p.Run(`client.connect();`)
		expectOpen(w, p, "events")
		tickets := 0
		for _, what := range d.requests() {
			if what == "POST /ticket" {
				tickets++
			}
		}
		if tickets != 2 {
			w.Fatalf("the page got %d tickets for two streams, want two: a ticket is good for one request", tickets)
		}
	})
}

// Task 11.12: A page that leaves while it waits for a ticket opens no stream.
//
// Rules: 11.bu.
func TestPageLeavesBeforeItsTicket(t *testing.T) {
	withPage(t, true, func(w *testclient.World, p *testpage.Page, d *porter) {
		p.Run(`client.token = "does-not-hold"; client.connect();`)
		p.Await("wait for its second attempt", `states.filter((s) => s === "waiting").length === 2`)
		if got, want := d.requests(), []string{"GET /ws/page", "POST /ticket"}; !slices.Equal(got, want) {
			w.Fatalf("the page asked for %q, want %q: its token does not hold, so it gets no ticket, and there is nothing to open", got, want)
		}
		p.Run(`client.disconnect();`)
		token := tokenOf(w, "page")
		p.Run(fmt.Sprintf(`client.transport = "events"; client.token = %q; client.connect(); client.disconnect();`, token))
		p.Await("be closed", `client.state === "closed"`)
		w.Sleep(5 * time.Second)
		for _, what := range d.requests() {
			if what == "GET /events/page" {
				w.Fatalf("the page has left, and it asked for %q", d.requests())
			}
		}
	})
}

// Task 11.12: A ticket that comes too late is of no use.
//
// Rules: 11.bu.
func TestPageLeavesAsItsTicketComes(t *testing.T) {
	withPage(t, true, func(w *testclient.World, p *testpage.Page, d *porter) {
		p.Run(`let come; // has the answer to POST /ticket arrive
const reallyFetch = fetch;
globalThis.fetch = (...args) => new Promise((resolve) => { come = () => resolve({ ok: true, status: 200, json: async () => ({ ticket: "late" }) }); });`)
		p.Run(`client.transport = "events"; client.token = "x"; client.connect();`)
		p.Await("ask for a ticket", `come !== undefined`)
		p.Run(`client.disconnect(); come();`)
		p.Await("be closed", `client.state === "closed"`)
		w.Sleep(5 * time.Second)
		if got := d.requests(); len(got) != 0 {
			w.Fatalf("the page had left when its ticket came, and it asked for %q all the same", got)
		}
		p.Run(`globalThis.fetch = reallyFetch;`)
		give(w, p, `client.token = %q; client.connect();`, time.Hour)
		expectOpen(w, p, "events")
	})
}

// Task 11.12: Blanks around a token are no part of it.
//
// Rules: 11.bu, 11.bv.
func TestPageTrimsItsToken(t *testing.T) {
	withPage(t, false, func(w *testclient.World, p *testpage.Page, d *porter) {
		token := give(w, p, `client.token = " " + %q + "\n"; client.connect();`, time.Minute)
		expectOpen(w, p, "websocket")
		give(w, p, `client.renew("\t" + %q + " ");`, time.Hour)
		p.Await("hear that it was renewed", `got.some(({ type }) => type === "auth")`)
		w.Sleep(2 * time.Minute)
		expectOpen(w, p, "websocket")
		d.expectNoToken(w, token)
		p.Run(`client.disconnect();`)
		p.Await("be closed", `client.state === "closed"`)
		offers := len(d.offered())
		p.Run(`client.token = "  "; client.connect();`)
		p.Await("be refused", `client.state === "waiting"`)
		if got := len(d.offered()); got != offers {
			w.Fatalf("a page whose token is blank has offered %q, want nothing", d.offered()[offers:])
		}
	})
}

// Task 11.12: A token is renewed in place.
//
// Rules: 11.bv.
func TestPageRenewsItsToken(t *testing.T) {
	for _, blocked := range []bool{false, true} {
		withPage(t, blocked, func(w *testclient.World, p *testpage.Page, d *porter) {
			give(w, p, `client.token = %q; client.connect();`, time.Minute)
			expectOpen(w, p, map[bool]string{false: "websocket", true: "events"}[blocked])
			w.Sleep(30 * time.Second)
			give(w, p, `client.renew(%q);`, 2*time.Minute)
			w.Sleep(80*time.Second - w.Elapsed())
			var states []string
			if p.Get(`states.slice(states.indexOf("open"))`, &states); !slices.Equal(states, []string{"open"}) {
				w.Fatalf("the states of the page were %q since it was connected, want open alone: it had another token in time", states)
			}
			w.Note("the connection is lost, and the first token has ended")
			p.Run(`got.length = 0;`)
			d.mu.Lock()
			d.blocked = true
			d.mu.Unlock()
			p.Run(`client.disconnect();`)
			p.Await("be closed", `client.state === "closed"`)
			p.Run(`client.transport = "events"; client.connect();`)
			expectOpen(w, p, "events")
			p.Within(time.Minute).Await("be closed with 1008 when the second token ends", `client.state === "closed"`)
		})
	}
}
