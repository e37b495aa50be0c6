package chat_test

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tufanbarisyildirim/gonginx/config"
	"github.com/tufanbarisyildirim/gonginx/parser"

	"wsworkshop/pkg/testclient"
	"wsworkshop/solutions/13/deploy"
)

// nginx is what deploy/nginx.conf means to a request. It knows maps, locations and what they inherit, but
// neither if, set nor include.
type nginx struct {
	w    *testclient.World
	http *nginxBlock
	main *nginxBlock
}

// nginxBlock is a block of the file: a server, a location, a map.
type nginxBlock struct {
	name   string
	args   []string
	lines  []nginxBlock // a directive without a block has none
	parent *nginxBlock
}

// nginxRequest is a request that passes through nginx, over https.
type nginxRequest struct {
	path    string // "/ws/ana"
	query   string // "room_id=den"
	upgrade bool
	remote  string // the client's address
}

// readDeploy reads a file of the folder deploy.
func readDeploy(w *testclient.World, name string) string {
	w.Helper()
	data, err := deploy.Files.ReadFile(name)
	if err != nil {
		w.Fatalf("%v", err)
	}
	return string(data)
}

func readNginx(w *testclient.World) *nginx {
	w.Helper()
	parsed, err := parser.NewStringParser(readDeploy(w, "nginx.conf")).Parse()
	if err != nil {
		w.Fatalf("deploy/nginx.conf: %v", err)
	}
	n := &nginx{w: w, main: &nginxBlock{}}
	n.main.lines = blocks(parsed.GetDirectives(), n.main)
	n.http = n.main.only(w, "http")
	return n
}

// blocks copies directives.
func blocks(from []config.IDirective, parent *nginxBlock) []nginxBlock {
	list := make([]nginxBlock, len(from))
	for i, d := range from {
		b := &list[i]
		b.name, b.parent = unquoted(d.GetName()), parent
		for _, p := range d.GetParameters() {
			b.args = append(b.args, unquoted(p.Value))
		}
		if inner := d.GetBlock(); inner != nil {
			b.lines = blocks(inner.GetDirectives(), b)
		}
	}
	return list
}

func unquoted(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// all are the directives of a name that stand in b itself.
func (b *nginxBlock) all(name string) []*nginxBlock {
	var list []*nginxBlock
	for i := range b.lines {
		if b.lines[i].name == name {
			list = append(list, &b.lines[i])
		}
	}
	return list
}

// only is the one directive of a name in b.
func (b *nginxBlock) only(w *testclient.World, name string) *nginxBlock {
	w.Helper()
	list := b.all(name)
	if len(list) != 1 {
		w.Fatalf("deploy/nginx.conf has %d of %q in %s, want one", len(list), name, b)
	}
	return list[0]
}

func (b *nginxBlock) String() string {
	if b.name == "" {
		return "the file itself"
	}
	return strings.Join(append([]string{b.name}, b.args...), " ")
}

// effective are the directives of a name that hold in b: its own if it has any, otherwise those of the block
// around it. So one proxy_set_header in a location does away with all that stand outside.
func (b *nginxBlock) effective(name string) []*nginxBlock {
	for ; b != nil; b = b.parent {
		if list := b.all(name); len(list) > 0 {
			return list
		}
	}
	return nil
}

// value is the arguments of the directive of a name that holds in b, in one text; or otherwise.
func (b *nginxBlock) value(name, otherwise string) string {
	list := b.effective(name)
	if len(list) == 0 {
		return otherwise
	}
	return strings.Join(list[len(list)-1].args, " ")
}

// server is the one that listens on a port.
func (n *nginx) server(port string) *nginxBlock {
	n.w.Helper()
	for _, s := range n.http.all("server") {
		for _, l := range s.all("listen") {
			if at := l.args[0]; at == port || strings.HasSuffix(at, ":"+port) {
				if secure := strings.Contains(strings.Join(l.args, " "), "ssl"); secure != (port == "443") {
					n.w.Fatalf("deploy/nginx.conf: listen %s: with ssl %v", strings.Join(l.args, " "), secure)
				}
				return s
			}
		}
	}
	n.w.Fatalf("deploy/nginx.conf has no server that listens on port %s", port)
	return nil
}

// location is the block of a server that serves a path, as nginx chooses it: the exact one, or else the longest
// prefix, unless that allows a regular expression to come first.
func (n *nginx) location(server *nginxBlock, path string) *nginxBlock {
	var best, regex *nginxBlock
	longest, final := -1, false
	for _, l := range server.all("location") {
		kind, pattern := "", l.args[len(l.args)-1]
		if len(l.args) == 2 {
			kind = l.args[0]
		}
		switch {
		case kind == "=" && path == pattern:
			return l
		case kind == "~" || kind == "~*":
			if kind == "~*" {
				pattern = "(?i)" + pattern
			}
			if regex == nil && n.regexp(pattern).MatchString(path) {
				regex = l
			}
		case (kind == "" || kind == "^~") && strings.HasPrefix(path, pattern) && len(pattern) > longest:
			best, longest, final = l, len(pattern), kind == "^~"
		}
	}
	switch {
	case regex != nil && !final:
		return regex
	case best != nil:
		return best
	}
	return server
}

func (n *nginx) regexp(pattern string) *regexp.Regexp {
	re, err := regexp.Compile(pattern)
	if err != nil {
		n.w.Fatalf("deploy/nginx.conf: the test cannot read the regular expression %s: %v", pattern, err)
	}
	return re
}

// secure is the location that serves a path over https. It must pass the path on as it is.
func (n *nginx) secure(path string) *nginxBlock {
	n.w.Helper()
	l := n.location(n.server("443"), path)
	pass := l.all("proxy_pass")
	if len(pass) != 1 {
		n.w.Fatalf("deploy/nginx.conf: %s, which serves https://…%s, has no proxy_pass", l, path)
	}
	_, after, _ := strings.Cut(pass[0].args[0], "://")
	if _, rest, found := strings.Cut(after, "/"); found && rest != "$request_uri" {
		n.w.Fatalf("deploy/nginx.conf: %s: proxy_pass %s gives the server another path; leave out what follows the name", l, pass[0].args[0])
	}
	return l
}

// upstream is where a location passes requests to.
func (n *nginx) upstream(l *nginxBlock) *nginxBlock {
	n.w.Helper()
	_, name, _ := strings.Cut(l.all("proxy_pass")[0].args[0], "://")
	for _, u := range n.http.all("upstream") {
		if u.args[0] == name {
			return u
		}
	}
	n.w.Fatalf("deploy/nginx.conf: %s: there is no upstream %s", l, name)
	return nil
}

// header is what the server gets as a header of a request that a location passes on.
func (n *nginx) header(l *nginxBlock, name string, r nginxRequest) string {
	n.w.Helper()
	value := map[string]string{"host": "$proxy_host", "connection": "close"}[strings.ToLower(name)] // nginx's own
	for _, d := range l.effective("proxy_set_header") {
		if strings.EqualFold(d.args[0], name) {
			value = d.args[1]
		}
	}
	return n.eval(value, r)
}

var nginxVariable = regexp.MustCompile(`\$(\w+|\{\w+\})`)

// eval writes a text with the values of its variables.
func (n *nginx) eval(text string, r nginxRequest) string {
	n.w.Helper()
	return nginxVariable.ReplaceAllStringFunc(text, func(v string) string {
		return n.variable(strings.Trim(v, "${}"), r)
	})
}

func (n *nginx) variable(name string, r nginxRequest) string {
	n.w.Helper()
	uri := r.path
	if r.query != "" {
		uri += "?" + r.query
	}
	switch name {
	case "host", "http_host", "server_name":
		return "chat.example.org"
	case "uri", "document_uri":
		return r.path
	case "request_uri":
		return uri
	case "args", "query_string":
		return r.query
	case "is_args":
		return strings.TrimPrefix(uri, r.path)[:min(1, len(r.query))]
	case "remote_addr", "binary_remote_addr":
		return r.remote
	case "proxy_add_x_forwarded_for":
		return "203.0.113.9, " + r.remote
	case "http_x_forwarded_for":
		return "203.0.113.9"
	case "scheme":
		return "https"
	case "proxy_host":
		return "chat"
	case "http_upgrade":
		if r.upgrade {
			return "websocket"
		}
		return ""
	case "http_connection":
		if r.upgrade {
			return "Upgrade"
		}
		return "keep-alive"
	}
	if arg, ok := strings.CutPrefix(name, "arg_"); ok {
		for _, pair := range strings.Split(r.query, "&") {
			if key, value, _ := strings.Cut(pair, "="); key == arg {
				return value
			}
		}
		return ""
	}
	for _, m := range n.http.all("map") {
		if len(m.args) == 2 && m.args[1] == "$"+name {
			return n.mapped(m, n.eval(m.args[0], r), r)
		}
	}
	n.w.Fatalf("deploy/nginx.conf: the test does not know $%s: define it with map, in http", name)
	return ""
}

// mapped is what a map makes of a value.
func (n *nginx) mapped(m *nginxBlock, value string, r nginxRequest) string {
	result := ""
	for _, line := range m.lines {
		switch {
		case len(line.args) == 0: // hostnames, volatile
		case line.name == "default":
			result = line.args[0]
		case strings.EqualFold(line.name, value):
			return n.eval(line.args[0], r)
		}
	}
	for _, line := range m.lines {
		pattern, ok := strings.CutPrefix(line.name, "~")
		if !ok || len(line.args) == 0 {
			continue
		}
		if p, ok := strings.CutPrefix(pattern, "*"); ok {
			pattern = "(?i)" + p
		}
		re := n.regexp(pattern)
		if match := re.FindStringSubmatchIndex(value); match != nil {
			found := string(re.ExpandString(nil, braced.ReplaceAllString(line.args[0], "$${$1}"), value, match))
			return n.eval(found, r)
		}
	}
	return n.eval(result, r)
}

// braced finds $1 and $name, for ExpandString.
var braced = regexp.MustCompile(`\$(\w+)`)

var nginxTime = regexp.MustCompile(`^(\d+)(ms|s|m|h|d|w|M|y)?$`)

// duration reads a time as nginx does: 90, 90s, 2m, 7d.
func (n *nginx) duration(what, text string) time.Duration {
	n.w.Helper()
	m := nginxTime.FindStringSubmatch(text)
	if m == nil {
		n.w.Fatalf("deploy/nginx.conf: %s %s: this is no time that the test can read", what, text)
	}
	day := 24 * time.Hour
	unit := map[string]time.Duration{"ms": time.Millisecond, "": time.Second, "s": time.Second, "m": time.Minute,
		"h": time.Hour, "d": day, "w": 7 * day, "M": 30 * day, "y": 365 * day}[m[2]]
	number, _ := strconv.Atoi(m[1])
	return time.Duration(number) * unit
}
