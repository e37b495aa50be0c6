package testclient

import (
	"net"
	"strings"
)

// roomForWhy is how many columns a line of a timeline has for a log record of any client.
const roomForWhy = 48

// whyEnded finds what the server has logged about the end of a client's latest connection: the
// lines that a timeline shows. There are none while that connection is open.
func (w *World) whyEnded(who string) []*event {
	addr := w.net.ended(who)
	if addr == "" {
		return nil
	}
	var why []*event
	for _, r := range w.logs.Records() {
		reason := r.reason()
		if reason == "" || !r.isAbout(addr) {
			continue
		}
		why = nil // the last one counts
		text := wrap("the server logs: "+r.Message+", "+reason, roomForWhy)
		for line := range strings.Lines(text) {
			why = append(why, &event{at: r.Time.Sub(w.start), who: who, what: "    " + strings.TrimSpace(line)})
		}
	}
	return why[:min(len(why), 4)]
}

// reason returns the attribute that says why, with its name.
func (r Record) reason() string {
	for _, key := range []string{"reason", "error", "err", "cause"} {
		if v, ok := r.Attrs[key]; ok && plain(v) != "" {
			return key + ": " + plain(v)
		}
	}
	return ""
}

// isAbout tells whether an attribute is this address.
func (r Record) isAbout(addr string) bool {
	for _, v := range r.Attrs {
		if plain(v) == addr {
			return true
		}
	}
	return false
}

// plain writes texts, errors and addresses. It looks into nothing else: the server may be at
// work on what it has logged.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case error:
		return v.Error()
	case net.Addr:
		return v.String()
	}
	return ""
}
