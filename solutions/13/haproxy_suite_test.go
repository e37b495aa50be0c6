package chat_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wsworkshop/pkg/testclient"
)

// haproxy is deploy/haproxy.cfg: its sections, and the words of their lines. Of conditions it knows those about
// the path, the port and TLS.
type haproxy struct {
	w        *testclient.World
	sections map[string][][]string // "global", "defaults", "backend chat"
}

// haproxyRequest is a request that reaches HAProxy.
type haproxyRequest struct {
	path, query string
	tls         bool
}

func readHAProxy(w *testclient.World) *haproxy {
	w.Helper()
	h := &haproxy{w: w, sections: map[string][][]string{}}
	section := ""
	for line := range strings.Lines(readDeploy(w, "haproxy.cfg")) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case slices.Contains([]string{"global", "defaults", "frontend", "backend", "listen"}, words[0]):
			section = strings.Join(words, " ")
			if h.sections[section] != nil {
				w.Fatalf("deploy/haproxy.cfg has two sections %q", section)
			}
			h.sections[section] = [][]string{}
		case section == "":
			w.Fatalf("deploy/haproxy.cfg: %q stands before the first section", strings.TrimSpace(line))
		default:
			h.sections[section] = append(h.sections[section], words)
		}
	}
	return h
}

// all are what follows these words, in each line that begins with them, of some sections in their order.
func (h *haproxy) all(words string, sections ...string) (rests []string) {
	for _, s := range sections {
		for _, line := range h.sections[s] {
			if rest, ok := strings.CutPrefix(strings.Join(line, " ")+" ", words+" "); ok {
				rests = append(rests, strings.TrimSpace(rest))
			}
		}
	}
	return rests
}

// setting is the first of all, "" if there is none.
func (h *haproxy) setting(words string, sections ...string) string {
	if rests := h.all(words, sections...); len(rests) > 0 {
		return rests[0]
	}
	return ""
}

// frontend is the one that binds a port, and how it does.
func (h *haproxy) frontend(port string) (section, bind string) {
	h.w.Helper()
	for name := range h.sections {
		for _, bind := range h.all("bind", name) {
			if strings.HasSuffix(strings.Fields(bind)[0], ":"+port) {
				return name, bind
			}
		}
	}
	h.w.Fatalf("deploy/haproxy.cfg has no frontend that binds port %s", port)
	return "", ""
}

// backend is where the requests over https go.
func (h *haproxy) backend() string {
	h.w.Helper()
	frontend, _ := h.frontend("443")
	name := "backend " + h.setting("default_backend", frontend, "defaults")
	if h.sections[name] == nil {
		h.w.Fatalf("deploy/haproxy.cfg has no section %q", name)
	}
	return name
}

// when splits a rule into what it does and whether it does so for a request.
func (h *haproxy) when(section, rule string, r haproxyRequest) (action string, holds bool) {
	h.w.Helper()
	action, condition, found := strings.Cut(rule, " if ")
	if found {
		return action, h.condition(section, condition, r)
	}
	if action, condition, found = strings.Cut(rule, " unless "); found {
		return action, !h.condition(section, condition, r)
	}
	return rule, true
}

// condition tells whether a condition holds: names of acls and criteria in braces, all of them, or others after "or".
func (h *haproxy) condition(section, text string, r haproxyRequest) bool {
	h.w.Helper()
	words := strings.Fields(strings.NewReplacer("{", " { ", "}", " } ", "!", " ! ").Replace(text))
	any, all, not := false, true, false
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "!":
			not = !not
			continue
		case "or", "||":
			any, all = any || all, true
			continue
		}
		holds := false
		if words[i] == "{" {
			length := slices.Index(words[i:], "}")
			if length < 0 {
				h.w.Fatalf("deploy/haproxy.cfg: the condition %q has a brace without another", text)
			}
			holds = h.criterion(words[i+1:i+length], r)
			i += length
		} else {
			holds = h.acl(section, words[i], r)
		}
		all, not = all && holds != not, false
	}
	return any || all
}

// acl tells whether one of the lines holds that define a name.
func (h *haproxy) acl(section, name string, r haproxyRequest) bool {
	h.w.Helper()
	rests := h.all("acl "+name, section)
	if len(rests) == 0 {
		h.w.Fatalf("deploy/haproxy.cfg: %q has no acl %s", section, name)
	}
	return slices.ContainsFunc(rests, func(rest string) bool { return h.criterion(strings.Fields(rest), r) })
}

// criterion tells whether a criterion holds, such as path_beg /x, path -m beg /x and ssl_fc.
func (h *haproxy) criterion(words []string, r haproxyRequest) bool {
	h.w.Helper()
	what, method, _ := strings.Cut(words[0], "_")
	values := words[1:]
	if at := slices.Index(values, "-m"); at >= 0 && at+1 < len(values) {
		method = values[at+1]
		values = slices.Delete(slices.Clone(values), at, at+2)
	}
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "-i" || v == "--" })
	port := map[bool]string{true: "443", false: "80"}[r.tls]
	if matches := pathMethods[method]; what == "path" && matches != nil {
		return slices.ContainsFunc(values, func(v string) bool { return matches(r.path, strings.Trim(v, `"'`)) })
	}
	switch {
	case words[0] == "ssl_fc":
		return r.tls
	case words[0] == "dst_port":
		return slices.Contains(values, port)
	}
	h.w.Fatalf("deploy/haproxy.cfg: the test does not know for which requests %q holds: it knows path, ssl_fc and dst_port", strings.Join(words, " "))
	return false
}

// pathMethods are the ways to compare a path: path_beg, or path -m beg.
var pathMethods = map[string]func(path, value string) bool{
	"":    func(path, value string) bool { return path == value },
	"str": func(path, value string) bool { return path == value },
	"beg": strings.HasPrefix,
	"sub": strings.Contains,
	"dir": func(path, value string) bool { return strings.Contains(path+"/", "/"+strings.Trim(value, "/")+"/") },
	"reg": func(path, value string) bool {
		found, err := regexp.MatchString(value, path)
		return err == nil && found
	},
}

// answer is what a frontend does with a request before it goes to a backend: "redirect …", "deny …", or nothing.
func (h *haproxy) answer(section string, r haproxyRequest) string {
	h.w.Helper()
	for _, rule := range h.all("http-request", section) {
		action, holds := h.final(section, rule, r)
		if holds && action == "allow" {
			break
		} else if holds {
			return action
		}
	}
	for _, rule := range h.all("redirect", section) { // which come after all http-request
		if action, holds := h.when(section, "redirect "+rule, r); holds {
			return action
		}
	}
	return ""
}

// final is when, for the actions after which there are no others.
func (h *haproxy) final(section, rule string, r haproxyRequest) (action string, holds bool) {
	h.w.Helper()
	switch strings.Fields(rule)[0] {
	case "allow", "redirect", "deny", "return", "reject", "tarpit":
		return h.when(section, rule, r)
	}
	return "", false
}

// header is what the rules of some sections make of a header, "" if they leave it alone.
func (h *haproxy) header(rules, name string, r haproxyRequest, sections ...string) (value string) {
	h.w.Helper()
	for _, s := range sections {
		for _, how := range []string{" set-header ", " add-header "} {
			for _, rule := range h.all(rules+how+name, s) {
				if v, holds := h.when(s, rule, r); holds {
					value = strings.Trim(v, `"'`)
				}
			}
		}
	}
	return value
}

var haproxyCall = regexp.MustCompile(`^(\w+)\((\d+),(.)\)$`)

// sample is what an expression makes of a request, such as path,field(3,/).
func (h *haproxy) sample(section, expr string, r haproxyRequest) string {
	h.w.Helper()
	parts := regexp.MustCompile(`[^,(]+(\([^)]*\))?`).FindAllString(strings.ReplaceAll(expr, " ", ""), -1)
	value := ""
	for i, part := range parts {
		call := haproxyCall.FindStringSubmatch(part)
		name, isVar := strings.CutPrefix(part, "var(")
		switch {
		case i == 0 && part == "path":
			value = r.path
		case i == 0 && (part == "pathq" || part == "url" || part == "capture.req.uri"):
			value = r.path + "?" + r.query
		case i == 0 && isVar:
			frontend, _ := h.frontend("443")
			set := h.setting("http-request set-var("+name, frontend, section)
			value = h.sample(section, set, r)
		case i > 0 && (part == "lower" || part == "upper"):
			value = strings.ToLower(value)
		case i > 0 && call != nil && (call[1] == "field" || call[1] == "word"):
			fields := strings.Split(value, call[3])
			if call[1] == "word" {
				fields = slices.DeleteFunc(fields, func(f string) bool { return f == "" })
			}
			n, _ := strconv.Atoi(call[2])
			value = ""
			if n >= 1 && n <= len(fields) {
				value = fields[n-1]
			}
		default:
			h.w.Fatalf("deploy/haproxy.cfg: the test does not know what %q makes of a request: it knows path, field, word and variables", expr)
		}
	}
	return value
}

// expectTime fails unless a timeout lies in (more, most].
func (h *haproxy) expectTime(what, section string, more, most time.Duration, why string) {
	h.w.Helper()
	text := h.setting(what, section, "defaults")
	got, err := time.ParseDuration(regexp.MustCompile(`^\d+$`).ReplaceAllString(text, "${0}ms"))
	if text == "" || err != nil || got <= more || got > most {
		h.w.Fatalf("deploy/haproxy.cfg: %s is %q for %q, want more than %v and %v at most: %s", what, text, section, more, most, why)
	}
}
