package chat_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/chattest"
	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testpage"
	chat "wsworkshop/solutions/12"
)

// dashboard is a page that watches, and the host that plays the server.
type dashboard struct {
	w    *testclient.World
	host *chattest.Host
	page *testpage.Page

	started time.Time // the server's, as it tells
}

// watchPage is a test of the page's StatsFeed, which is not connected yet.
func watchPage(t *testing.T, fn func(d *dashboard)) {
	testclient.Run(t, func(w *testclient.World) {
		s := start(w, chat.Config{})
		h := chattest.NewHost(w)
		h.Pages = s.chat.Admin()
		at := w.Serve(h)
		p := testpage.Open(w, at, "/admin/feed.js")
		h.Tells = func() string {
			var state string
			p.Get("feed.state", &state)
			return fmt.Sprintf("its state is %q", state)
		}
		p.Run(`let updates = 0; const url = "` + "ws" + at.URL()[len("http"):] + `/admin/live"; const feed = new StatsFeed({ url, onUpdate: () => updates++ });`)
		fn(&dashboard{w: w, host: h, page: p, started: time.Now()})
	})
}

// connect has the page connect, and returns that connection.
func (d *dashboard) connect() *chattest.Call {
	d.page.Run("feed.connect()")
	return d.host.Call("page", time.Second)
}

// tell sends an update with a sample for each of the seconds from first on.
func tell(d *dashboard, call *chattest.Call, first, n int) {
	samples := ""
	for i := range n {
		if i > 0 {
			samples += ","
		}
		samples += fmt.Sprintf(`{"at":%d,"connections":%d,"messages":1,"errors":0,"round_trip_ms":null}`, first+i, first+i)
	}
	started := d.started.Format(time.RFC3339)
	call.Write(1, fmt.Sprintf(`{"started_at":%[1]q,"samples":[%[2]s],"stats":{"started_at":%[1]q,"connections":%[3]d}}`, started, samples, n))
	d.w.Sleep(10 * time.Millisecond)
}

// expectTimes fails unless the page knows these seconds. A gap is a second without a value.
func (d *dashboard) expectTimes(why string, want ...string) {
	d.w.Helper()
	var got []string
	d.page.Get(`feed.series[0].map((at, i) => feed.series[1][i] === null ? at + " gap" : String(at))`, &got)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.w.Fatalf("the page's series is about the seconds %v, want %v: %s", brief(got), brief(want), why)
	}
	var same bool
	if d.page.Get(`feed.series.length === 5 && feed.series.every((list) => list.length === feed.series[0].length)`, &same); !same {
		d.w.Fatalf("the page's series should be five lists of the same length")
	}
}

// brief shortens a long list.
func brief(list []string) string {
	if len(list) > 12 {
		return fmt.Sprintf("%v … %v (%d)", list[:4], list[len(list)-4:], len(list))
	}
	return fmt.Sprint(list)
}

// seconds are n numbers, the first of them first.
func seconds(first, n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprint(first+i))
	}
	return list
}

// Task 12.11 (5 points, after 12.10): The dashboard shows fifteen minutes, and survives a restart of the server.
//
// Rules: 12.bk, 12.bl.
func TestPageKeepsSamples(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		call := d.connect()
		tell(d, call, 100, 3)
		d.expectTimes("the server has told of three seconds", "100", "101", "102")
		tell(d, call, 103, 1)
		d.expectTimes("a second has passed", "100", "101", "102", "103")
		call.HangUp(1001)
		call = d.host.Call("page", 2*time.Second)
		tell(d, call, 100, 6)
		d.expectTimes("after a reconnect the server has told of seconds that the page knows, and of two more", seconds(100, 6)...)
		call.HangUp(1001)
		call = d.host.Call("page", 2*time.Second)
		d.started = time.Now()
		tell(d, call, 110, 2)
		want := append(seconds(100, 6), "106 gap", "110", "111")
		d.expectTimes("a server that was restarted knows nothing of the seconds 106 to 109: they are a gap, and no line leads over it", want...)
		tell(d, call, 113, 1)
		d.expectTimes("the second 112 is missing", append(want, "112 gap", "113")...)
	})
}

// Task 12.11: A page that is open for weeks does not grow.
//
// Rules: 12.bk.
func TestPageForgets(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		call := d.connect()
		tell(d, call, 1000, 800)
		d.expectTimes("800 s are less than 15 minutes", seconds(1000, 800)...)
		tell(d, call, 1800, 200)
		d.expectTimes("15 minutes are 900 s", seconds(1100, 900)...)
		tell(d, call, 2000, 1)
		d.expectTimes("15 minutes are 900 s", seconds(1101, 900)...)
		tell(d, call, 5000, 2)
		d.expectTimes("all others are too old", "5000", "5001")
	})
}

// Task 12.11: The page connects again, and gives the server time.
//
// Rules: 12.bn.
func TestPageReconnects(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		tell(d, d.connect(), 1, 1)
		d.host.Answer(503)
		d.page.Client().Cut()
		d.w.Sleep(5 * time.Minute)
		dials := d.page.Dials()
		longest := []float64{1, 2, 4, 8, 16, 30, 30, 30}
		for i, most := range longest {
			if len(dials) < i+2 {
				d.w.Fatalf("the page has tried to connect %d times in five minutes, the last time at %v", len(dials)-1, dials[len(dials)-1])
			}
			pause := (dials[i+1] - dials[i]).Seconds()
			if i > 0 && (pause < .69*most || pause > 1.01*most) {
				d.w.Fatalf("the page has waited %.2f s before attempt %d, want %.2f to %.2f s", pause, i+1, .7*most, most)
			}
		}
		d.host.Answer(101)
		call := d.host.Call("page", 31*time.Second)
		tell(d, call, 500, 1)
		d.w.Sleep(time.Second)
		tell(d, call, 501, 1)
		at := d.w.Elapsed()
		call.HangUp(1001)
		d.host.Call("page", 2*time.Second)
		dials = d.page.Dials()
		if pause := (dials[len(dials)-1] - at).Seconds(); pause < .69 || pause > 1.01 {
			d.w.Fatalf("the page has waited %.2f s, want 0.7 to 1 s: an update had come since the last attempt", pause)
		}
	})
}

// Task 12.11: The delays are random, so that dashboards do not come back in step.
//
// Rules: 12.bn.
func TestPageDelaysAreRandom(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		call := d.connect()
		var pauses []float64
		for i := range 12 {
			tell(d, call, i+1, 1)
			at := d.w.Elapsed()
			call.HangUp(1001)
			call = d.host.Call("page", 2*time.Second)
			dials := d.page.Dials()
			pauses = append(pauses, (dials[len(dials)-1] - at).Seconds())
		}
		low, high := pauses[0], pauses[0]
		for _, p := range pauses {
			low, high = math.Min(low, p), math.Max(high, p)
		}
		if low < .69 || high > 1.02 || high-low < .05 {
			d.w.Fatalf("the page has waited %.2f before each attempt, want 0.7 to 1 s, at random", pauses)
		}
	})
}

// Task 12.11: A connection on which nothing comes is given up.
//
// Rules: 12.bo.
func TestPageGivesUpSilence(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		call := d.connect()
		for i := range 8 {
			tell(d, call, i+1, 1)
			d.w.Sleep(3 * time.Second)
		}
		if n := len(d.page.Dials()); n != 1 {
			d.w.Fatalf("the page has connected %d times, want once: an update came every three seconds", n)
		}
		d.w.Sleep(1900 * time.Millisecond)
		if n := len(d.page.Dials()); n != 1 || !isOpen(call) {
			d.w.Fatalf("the page has given up the connection after 4.9 s without an update, want 5 s")
		}
		silent := call
		call = d.host.Call("page", 1200*time.Millisecond)
		if isOpen(silent) {
			d.w.Fatalf("the page has connected again, and has not closed the connection on which nothing came")
		}
		tell(d, call, 30, 1)
		d.w.Sleep(2 * time.Second)
		tell(d, call, 31, 1)
		if n := len(d.page.Dials()); n != 2 {
			d.w.Fatalf("the page has connected %d times, want twice", n)
		}
		d.host.AnswerAfter(time.Hour)
		call.HangUp(1001)
		d.w.Sleep(14 * time.Second)
		if n := len(d.page.Dials()); n < 4 {
			d.w.Fatalf("the page has connected %d times, want four at least: a handshake that is not answered is given up, too", n)
		}
	})
}

// Task 12.11: The page and the server understand each other.
//
// Rules: 12.bk.
func TestPageWatchesTheServer(t *testing.T) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		s.Join("ana", "den")
		p := testpage.Open(w, s.admin, "/admin/feed.js")
		p.Run(`const feed = new StatsFeed({ url: "ws` + s.admin.URL()[len("http"):] + `/admin/live" }); feed.connect()`)
		p.Within(2*time.Second).Await("know of ana", `feed.stats?.connections === 1 && feed.series[1].at(-1) === 1`)
		s.Join("bob", "den")
		p.Within(2*time.Second).Await("know of bob", `feed.series[1].at(-1) === 2`)
		var gap bool
		w.Sleep(20 * time.Second)
		if p.Get(`feed.series[1].includes(null)`, &gap); gap {
			w.Fatalf("the page shows a gap, and the server has told of each second")
		}
	})
}

// isOpen tells whether a connection of the page has not ended.
func isOpen(call *chattest.Call) bool {
	select {
	case <-call.Ended:
		return false
	default:
		return true
	}
}

// Task 12.11: Pages that wait for a server that is away for long stay apart.
//
// Rules: 12.bn.
func TestPageDelaysStayRandom(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		d.host.Answer(503)
		d.page.Run("feed.connect()")
		d.w.Sleep(12 * time.Minute)
		dials := d.page.Dials()
		if len(dials) < 20 {
			d.w.Fatalf("the page has tried to connect %d times in 12 minutes, want a try every 30 s at least", len(dials))
		}
		var pauses []float64
		for i := 7; i < len(dials); i++ {
			pauses = append(pauses, (dials[i] - dials[i-1]).Seconds())
		}
		low, high := slices.Min(pauses), slices.Max(pauses)
		if low < 20.9 || high > 30.1 || high-low < 1 {
			d.w.Fatalf("after some time the page has waited %.1f s before each attempt, want 21 to 30 s, at random", pauses)
		}
	})
}

// Task 12.11: A server that accepts connections and tells nothing gets more time with each.
//
// Rules: 12.bn.
func TestPageCountsUpdates(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		call := d.connect()
		for i, most := range []float64{1, 2, 4, 8} {
			call.HangUp(1001)
			at := d.w.Elapsed()
			call = d.host.Call("page", 10*time.Second)
			dials := d.page.Dials()
			if pause := (dials[len(dials)-1] - at).Seconds(); pause < .69*most || pause > 1.01*most {
				d.w.Fatalf("the page has waited %.2f s before attempt %d, want %.2f to %.2f s: the connections before brought no update", pause, i+1, .7*most, most)
			}
		}
		tell(d, call, 1, 1)
	})
}

// Task 12.11: A page that is closed stays closed, whenever that happens.
//
// Rules: 12.bm.
func TestPageIsClosed(t *testing.T) {
	for _, state := range []string{"connecting", "open", "waiting"} {
		watchPage(t, func(d *dashboard) {
			d.page.Run(`const states = []; const shy = new StatsFeed({ url, onState(state) { states.push(state); if (state === "` + state + `") shy.close(); } })`)
			call := d.connect()
			tell(d, call, 1, 1)
			d.page.Run("feed.close()")
			d.w.Sleep(time.Second)
			if isOpen(call) {
				d.w.Fatalf("close() has not ended the page's connection")
			}
			d.page.Run("shy.connect()")
			d.w.Sleep(100 * time.Millisecond)
			if state != "connecting" {
				call = d.host.Call("page", time.Second)
				tell(d, call, 1, 1)
			}
			if state == "waiting" {
				call.HangUp(1001)
			}
			d.w.Sleep(time.Minute)
			var states string
			d.page.Get("states.join()", &states)
			if dials := len(d.page.Dials()); dials > 2 || !strings.HasSuffix(states, state+",closed") || isOpen(call) {
				d.w.Fatalf("onState called close() with the state %q: the page has connected %d times, want once; its states were %s, want the last one to be closed", state, dials-1, states)
			}
		})
	}
}

// Task 12.11: A page has one connection, however often it is told to connect.
//
// Rules: 12.bm.
func TestPageConnectsOnce(t *testing.T) {
	watchPage(t, func(d *dashboard) {
		first := d.connect()
		tell(d, first, 1, 1)
		second := d.connect()
		d.w.Sleep(time.Second)
		if isOpen(first) {
			d.w.Fatalf("connect() was called again, and the page has two connections")
		}
		tell(d, second, 2, 1)
		second.HangUp(1001)
		third := d.connect() // it waits
		for i := range 3 {
			tell(d, third, 3+i, 1)
			d.w.Sleep(time.Second)
		}
		if n := len(d.page.Dials()); n != 3 || !isOpen(third) {
			d.w.Fatalf("the page has connected %d times, want three times: connect() was called while the page waited, and takes the place of its next attempt", n)
		}
		d.expectTimes("each connection has told of something", seconds(1, 5)...)
	})
}
