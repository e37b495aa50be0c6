package chat_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"wsworkshop/pkg/testclient"
)

// counted is a test of a server that lets in one attempt from each address, with proxies of its own.
func counted(t *testing.T, proxies []string, fn func(w *testclient.World, s *server)) {
	cfg := lasting
	cfg.AttemptLimit, cfg.AttemptWindow = 1, time.Hour
	for _, p := range proxies {
		cfg.TrustedProxies = append(cfg.TrustedProxies, netip.MustParsePrefix(p))
	}
	run(t, cfg, fn)
}

// arrival is an attempt: from an address, with lines of X-Forwarded-For.
type arrival struct {
	peer  string
	lines []string
}

func via(peer string, lines ...string) arrival { return arrival{peer, lines} }

func (a arrival) String() string {
	return a.peer + " with X-Forwarded-For " + strings.Join(a.lines, " and ")
}

func (a arrival) options() []testclient.DialOption {
	opts := []testclient.DialOption{testclient.As("bob"), at(a.peer)}
	for _, line := range a.lines {
		opts = append(opts, testclient.Header("X-Forwarded-For", line))
	}
	return opts
}

// expectSame fails unless two arrivals count as one address, or as two. It needs a server of its own.
func expectSame(t *testing.T, proxies []string, same bool, first, second arrival, why string) {
	t.Helper()
	counted(t, proxies, func(w *testclient.World, s *server) {
		w.Note("TrustedProxies: %q", proxies)
		s.expectStatus(http.StatusOK, websocket, "/ws/bob", "it is the first attempt", first.options()...)
		want := http.StatusOK
		if same {
			want = http.StatusTooManyRequests
		}
		s.expectStatus(want, events, "/ws/bob", why+" (first "+first.String()+", then "+second.String()+")", second.options()...)
	})
}

var ours = []string{"192.0.2.0/28", "2001:db8:aaaa::/48"}

// Task 11.10 (8 points, after 11.9): Limits count the real address of a client.
//
// Rules: 11.bm.
func TestForwardedFor(t *testing.T) {
	const proxy, stranger = "192.0.2.9", "198.51.100.66"
	for _, row := range []struct {
		same          bool
		first, second arrival
		why           string
	}{
		{true, via(stranger, "203.0.113.1"), via(stranger, "203.0.113.2"), "a stranger's header is not believed"},
		{false, via(stranger, "203.0.113.1"), via("198.51.100.67", "203.0.113.1"), "two strangers are two"},
		{true, via(stranger, "192.0.2.9"), via(stranger, "192.0.2.8, 203.0.113.5"), "a stranger is no proxy of ours because it names one"},
		{false, via(proxy, "203.0.113.1"), via(proxy, "203.0.113.2"), "the proxy speaks for two"},
		{true, via(proxy, "203.0.113.1"), via("192.0.2.8", "203.0.113.1"), "two proxies speak for one"},
		{true, via(proxy, "203.0.113.1"), via("203.0.113.1"), "one client comes with and without the proxy"},
		{true, via(proxy, "10.1.1.1, 203.0.113.1"), via(proxy, "10.2.2.2, 203.0.113.1"), "the client has made up what is on the left"},
		{false, via(proxy, "203.0.113.5, 203.0.113.1"), via(proxy, "203.0.113.5, 203.0.113.2"), "the right one counts"},
		{true, via(proxy, "192.0.2.5, 203.0.113.1"), via(proxy, "192.0.2.6, 203.0.113.1"), "what a client says about our proxies does not count"},
		{true, via(proxy, "203.0.113.1, 192.0.2.5"), via(proxy, "203.0.113.1"), "192.0.2.5 is ours, too"},
		{true, via(proxy, "203.0.113.1, 192.0.2.5, 192.0.2.6"), via(proxy, "198.51.100.3, 203.0.113.1, 192.0.2.7"), "our proxies are passed over, from the right"},
		{false, via(proxy, "203.0.113.1, 192.0.2.5"), via(proxy, "203.0.113.2, 192.0.2.5"), "192.0.2.5 speaks for two"},
		{true, via(proxy, "203.0.113.1", "192.0.2.5"), via(proxy, "203.0.113.1"), "two lines are one list"},
		{true, via(proxy, "203.0.113.9", "203.0.113.1"), via(proxy, "203.0.113.1"), "the last line is the right end"},
		{true, via(proxy, "192.0.2.5, 192.0.2.6"), via("192.0.2.5"), "all of them are ours, and the first is the client"},
		{true, via(proxy), via(proxy, ""), "there is nothing in the header"},
		{true, via("2001:db8:aaaa::1", "203.0.113.1"), via(proxy, "203.0.113.1"), "2001:db8:aaaa::1 is ours, too"},
	} {
		expectSame(t, ours, row.same, row.first, row.second, row.why)
	}
	expectSame(t, nil, true, via(proxy, "203.0.113.1"), via(proxy, "203.0.113.2"), "there are no TrustedProxies")
	expectSame(t, []string{"192.0.2.9/32"}, true, via("192.0.2.8", "203.0.113.1"), via("192.0.2.8", "203.0.113.2"), "only 192.0.2.9 is ours")
}

// Task 11.10: An entry that is no address ends the search.
//
// Rules: 11.bn.
func TestForwardedForRubbish(t *testing.T) {
	const proxy = "192.0.2.9"
	for _, rubbish := range []string{"unknown", "_hidden", "", " ", "203.0.113", "203.0.113.256", "example.com", "<script>", "203.0.113.1.1", "0x7f.1"} {
		why := "what is left of " + rubbish + " does not count"
		expectSame(t, ours, true, via(proxy, "203.0.113.1, "+rubbish), via(proxy), why)
		expectSame(t, ours, true, via(proxy, "203.0.113.1, "+rubbish+", 192.0.2.5"), via("192.0.2.5"), why)
		expectSame(t, ours, false, via(proxy, rubbish+", 203.0.113.1"), via(proxy, rubbish+", 203.0.113.2"), "what is right of it counts")
	}
	for _, written := range []string{"203.0.113.1:4711", " 203.0.113.1 ", "\t203.0.113.1"} {
		expectSame(t, ours, true, via(proxy, "10.0.0.1,"+written), via("203.0.113.1"), "an address may have a port, and blanks around it")
	}
	expectSame(t, ours, true, via(proxy, "[2001:db8::1]:443"), via("2001:db8::1"), "an address may have a port")
	expectSame(t, ours, true, via(proxy, "2001:db8::1"), via("2001:db8::1"), "an address may have no port")
}

// Task 11.10: One address may be written in many ways, and one client may have many addresses.
//
// Rules: 11.bo.
func TestAddressesThatAreOne(t *testing.T) {
	const proxy = "192.0.2.9"
	for _, row := range []struct {
		same          bool
		first, second string
	}{
		{true, "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"},
		{true, "2001:db8:1:2::1", "2001:0DB8:0001:0002:0000:0000:0000:0001"},
		{false, "2001:db8:1:2::1", "2001:db8:1:3::1"},
		{false, "2001:db8:1:2::1", "2001:db8:1:2000::1"},
		{true, "203.0.113.1", "::ffff:203.0.113.1"},
		{true, "203.0.113.1", "::ffff:cb00:7101"},
		{false, "::ffff:203.0.113.1", "::ffff:203.0.113.2"},
		{false, "203.0.113.1", "203.0.113.2"},
		{true, "2001:db8::1", "2001:db8::1%eth0"},
	} {
		why := row.first + " and " + row.second + " are two addresses"
		if row.same {
			why = row.first + " and " + row.second + " count as one address"
		}
		expectSame(t, ours, row.same, via(proxy, row.first), via(proxy, row.second), why)
		if !strings.Contains(row.second, "%") {
			expectSame(t, nil, row.same, via(row.first), via(row.second), why)
		}
	}
	expectSame(t, ours, true, via(proxy, "[::ffff:203.0.113.1]:443"), via("203.0.113.1"), "an IPv4 address that is written as an IPv6 address may have a port")
	expectSame(t, ours, true, via("::ffff:192.0.2.9", "203.0.113.1"), via("203.0.113.1"), "::ffff:192.0.2.9 is our proxy 192.0.2.9")
	for _, mapped := range []string{"::ffff:192.0.2.0/124", "::ffff:192.0.2.9/128"} {
		expectSame(t, []string{mapped}, true, via(proxy, "203.0.113.1"), via("203.0.113.1"), mapped+" is a prefix of IPv4 addresses, and has our proxy in it")
		expectSame(t, []string{mapped}, false, via(proxy, "203.0.113.1"), via(proxy, "203.0.113.2"), mapped+" is a prefix of IPv4 addresses, and has our proxy in it")
		expectSame(t, []string{mapped}, true, via("192.0.2.99", "203.0.113.1"), via("192.0.2.99", "203.0.113.2"), mapped+" does not have 192.0.2.99 in it")
	}
	expectSame(t, ours, true, via(proxy, "203.0.113.1, ::ffff:192.0.2.5"), via("203.0.113.1"), "::ffff:192.0.2.5 is our proxy 192.0.2.5")
}

// Task 11.10: The scheme is the proxy's to say, too.
//
// Rules: 11.bp.
func TestForwardedProto(t *testing.T) {
	cfg := lasting
	cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.9/32")}
	run(t, cfg, func(w *testclient.World, s *server) {
		page := func(peer, proto, origin string) []testclient.DialOption {
			opts := append(from(origin), at(peer), testclient.Header("Host", "chat.example"))
			if proto != "" {
				opts = append(opts, testclient.Header("X-Forwarded-Proto", proto))
			}
			return opts
		}
		s.expectOrigin(true, "the proxy says https", page("192.0.2.9", "https", "https://chat.example")...)
		s.expectOrigin(true, "the proxy says https", page("::ffff:192.0.2.9", "https", "https://chat.example")...)
		s.expectOrigin(false, "the proxy says https", page("192.0.2.9", "https", "http://chat.example")...)
		s.expectOrigin(true, "the proxy says http", page("192.0.2.9", "http", "http://chat.example")...)
		s.expectOrigin(false, "the proxy says http", page("192.0.2.9", "http", "https://chat.example")...)
		s.expectOrigin(true, "the proxy says nothing", page("192.0.2.9", "", "http://chat.example")...)
		s.expectOrigin(false, "a stranger says https", page("198.51.100.66", "https", "https://chat.example")...)
		s.expectOrigin(true, "a stranger says https, and came by http", page("198.51.100.66", "https", "http://chat.example")...)
	})
}

// Task 11.10: Connections are counted by that address, too.
//
// Rules: 11.bm.
func TestConnectionsBehindAProxy(t *testing.T) {
	cfg := lasting
	cfg.MaxConnectionsPerIP = 1
	cfg.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.9/32")}
	run(t, cfg, func(w *testclient.World, s *server) {
		behind := func(ip string) []testclient.DialOption { return via("192.0.2.9", ip).options() }
		ana := s.Join("ana", "den", behind("203.0.113.1")...)
		s.Join("bob", "den", behind("203.0.113.2")...)
		s.expectStatus(http.StatusTooManyRequests, websocket, "/ws/carl", "ana is here from this address", behind("203.0.113.1")...)
		ana.Leave()
		s.Join("carl", "den", behind("203.0.113.1")...)
	})
}
