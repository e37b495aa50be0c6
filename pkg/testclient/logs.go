package testclient

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
	"unsafe"
)

// Record is a log record.
type Record struct {
	Time    time.Time
	Level   slog.Level
	Message string
	Attrs   map[string]any // groups are flattened: "request.id"
}

// String writes the record in a line.
func (r Record) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q", r.Level, r.Message)
	for _, k := range slices.Sorted(maps.Keys(r.Attrs)) {
		fmt.Fprintf(&b, " %s=%v", k, r.Attrs[k])
	}
	return b.String()
}

// Logs are the records that were written with [World.Logger].
type Logs struct {
	w       *World
	c       condition
	records []Record
}

func newLogs(w *World) *Logs {
	l := &Logs{w: w}
	l.c.init()
	return l
}

// add keeps a record. Its lock is hidden from the race detector (see race.go): handlers that
// log are in no order by that.
//
//go:norace
func (l *Logs) add(r Record) {
	raceSent(unsafe.Pointer(&l.records))
	raceOff()
	l.c.mu.Lock()
	l.records = append(l.records, r)
	l.c.wake.Broadcast()
	l.c.mu.Unlock()
	raceOn()
}

// Logger returns a logger for the server under test. Its records go to [World.Logs].
func (w *World) Logger() *slog.Logger { return slog.New(&logHandler{logs: w.logs}) }

// Logs returns what was logged so far and may still be.
func (w *World) Logs() *Logs { return w.logs }

// Records returns all records so far, in order.
func (l *Logs) Records() []Record {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	raceGot(unsafe.Pointer(&l.records))
	return slices.Clone(l.records)
}

// ExpectRecord returns the first record of all that matches, and waits a second of virtual
// time for it. desc completes the sentence "the log should have …".
func (l *Logs) ExpectRecord(desc string, match func(Record) bool) Record {
	l.w.checkStopped()
	var found Record
	seen := 0
	ok := l.w.wait(&l.c, patience, func() bool {
		raceGot(unsafe.Pointer(&l.records))
		for ; seen < len(l.records); seen++ {
			if match(l.records[seen]) {
				found = l.records[seen]
				return true
			}
		}
		return false
	})
	if !ok {
		l.w.lacks(focus{}, "the log should have %s within %v; %s", desc, patience, l.summary())
	}
	return found
}

// summary tells what was logged instead.
func (l *Logs) summary() string {
	records := l.Records()
	if len(records) == 0 {
		return "nothing was logged."
	}
	const most = 8
	var b strings.Builder
	fmt.Fprintf(&b, "it has %d record(s):", len(records))
	if len(records) > most {
		fmt.Fprintf(&b, " the last %d are", most)
		records = records[len(records)-most:]
	}
	for _, r := range records {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}

// logHandler implements slog.Handler.
type logHandler struct {
	logs   *Logs
	hook   func(Record) // see LoggerWith; may be nil
	prefix string
	attrs  map[string]any
}

func (h *logHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *logHandler) Handle(_ context.Context, r slog.Record) error {
	rec := Record{Time: r.Time, Level: r.Level, Message: r.Message, Attrs: maps.Clone(h.attrs)}
	if rec.Attrs == nil {
		rec.Attrs = map[string]any{}
	}
	r.Attrs(func(a slog.Attr) bool {
		flatten(rec.Attrs, h.prefix, a)
		return true
	})
	if h.hook != nil {
		h.hook(rec)
	}
	h.logs.add(rec)
	return nil
}

func (h *logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := &logHandler{logs: h.logs, hook: h.hook, prefix: h.prefix, attrs: maps.Clone(h.attrs)}
	if with.attrs == nil {
		with.attrs = map[string]any{}
	}
	for _, a := range attrs {
		flatten(with.attrs, h.prefix, a)
	}
	return with
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	return &logHandler{logs: h.logs, hook: h.hook, prefix: h.prefix + name + ".", attrs: h.attrs}
}

func flatten(into map[string]any, prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if v.Kind() != slog.KindGroup {
		into[prefix+a.Key] = v.Any()
		return
	}
	if a.Key != "" {
		prefix += a.Key + "."
	}
	for _, member := range v.Group() {
		flatten(into, prefix, member)
	}
}
