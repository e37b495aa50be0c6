package testpage

import (
	"embed"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/grafana/sobek"
)

//go:embed globals
var globals embed.FS

// prelude is what makes the globals, as a function of what Go gives it.
var prelude = sync.OnceValue(func() *sobek.Program {
	var b strings.Builder
	b.WriteString("(function (host) { \"use strict\";\n")
	for _, name := range []string{"regexp", "small", "events", "url", "websocket", "eventsource", "fetch", "install"} {
		src, err := globals.ReadFile("globals/" + name + ".js")
		if err != nil {
			panic(err)
		}
		b.Write(src)
	}
	b.WriteString("})")
	return sobek.MustCompile("testpage", b.String(), false)
})

// install gives the script what a page has.
func (t *tab) install() {
	vm := t.loop.vm
	vm.SetTimeSource(time.Now)
	vm.SetRandSource(randomness())
	vm.SetMaxCallStackSize(5_000)
	vm.SetPromiseRejectionTracker(t.track)
	made, err := vm.RunProgram(prelude())
	if err != nil {
		panic(err)
	}
	make, _ := sobek.AssertFunction(made)
	if _, err := make(sobek.Undefined(), t.host()); err != nil {
		panic(err)
	}
}

// host is what the globals are made of.
func (t *tab) host() *sobek.Object {
	vm := t.loop.vm
	host := vm.NewObject()
	for name, value := range map[string]any{
		"location":    t.s.URL() + "/",
		"now":         func() float64 { return milliseconds(t.w.Elapsed()) },
		"threw":       func(v sobek.Value) { t.threw(v) },
		"print":       func(kind, text string) { t.w.NoteBy(t.link.Name(), "console.%s: %s", kind, text) },
		"encode":      func(s string) sobek.ArrayBuffer { return vm.NewArrayBuffer([]byte(s)) },
		"decode":      func(b sobek.ArrayBuffer) string { return text(b.Bytes()) },
		"unescape":    unescape,
		"parseURL":    func(ref, base string) any { return parseURL(ref, base) },
		"setTimeout":  func(c sobek.FunctionCall) sobek.Value { return t.setTimer(c, false) },
		"setInterval": func(c sobek.FunctionCall) sobek.Value { return t.setTimer(c, true) },
		"clear":       func(v sobek.Value) { t.loop.timers.clear(v.ToInteger()) },
		"connect":     t.connect,
		"stream":      t.askStream,
		"fetch":       t.fetch,
	} {
		if err := host.Set(name, value); err != nil {
			panic(err)
		}
	}
	return host
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// text decodes UTF-8 as browsers do, with U+FFFD for what is none.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return text([]byte(plain))
	}
	return s
}

// parseURL takes an address apart, or returns nil.
func parseURL(ref, base string) map[string]any {
	u, err := url.Parse(ref)
	if err != nil {
		return nil
	}
	if base != "" {
		b, err := url.Parse(base)
		if err != nil || !b.IsAbs() {
			return nil
		}
		u = b.ResolveReference(u)
	}
	if !u.IsAbs() || u.Host == "" {
		return nil
	}
	parts := map[string]any{
		"protocol": strings.ToLower(u.Scheme) + ":", "host": strings.ToLower(plainHost(u)),
		"pathname": u.EscapedPath(), "search": "", "hash": "",
	}
	if u.Path == "" {
		parts["pathname"] = "/"
	}
	if u.RawQuery != "" {
		parts["search"] = "?" + strings.ReplaceAll(u.RawQuery, " ", "%20")
	}
	if f := u.EscapedFragment(); f != "" {
		parts["hash"] = "#" + f
	}
	return parts
}

// plainHost drops a port that goes without saying.
func plainHost(u *url.URL) string {
	usual := map[string]string{"http": ":80", "ws": ":80", "https": ":443", "wss": ":443"}
	return strings.TrimSuffix(u.Host, usual[u.Scheme])
}
