package chat_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"wsworkshop/pkg/testclient"
)

// fields are those of a message that a test sends, or wants; each is a JSON string. A field that is
// wanted to be "" must not be there.
type fields map[string]string

// String writes fields as the JSON that they stand for, the type first.
func (f fields) String() string {
	var list []string
	for _, key := range f.keys() {
		if f[key] != "" {
			list = append(list, fmt.Sprintf("%q:%s", key, quote(f[key])))
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}

// keys are in the order in which they are looked at: a wrong type tells more than a wrong sender.
func (f fields) keys() []string {
	first := []string{"data", "code", "type"}
	return slices.SortedFunc(maps.Keys(f), func(a, b string) int {
		return cmp.Or(slices.Index(first, b)-slices.Index(first, a), cmp.Compare(a, b))
	})
}

// quote is a text in quotes; of one that is long, its beginning.
func quote(text string) string {
	if len(text) > 50 {
		text = fmt.Sprintf("%.24s…", text)
	}
	return fmt.Sprintf("%q", text)
}

// message is one that a client got, taken apart. Its keys are as they were written: a struct would
// take "Type" for "type".
type message struct {
	testclient.Message
	fields map[string]json.RawMessage
}

func parse(m testclient.Message) (message, bool) {
	var got map[string]json.RawMessage
	err := json.Unmarshal(m.Data, &got)
	return message{m, got}, m.Kind == testclient.Text && err == nil && got != nil
}

// text returns a field that is a string; ok is false when it is missing or something else.
func (m message) text(key string) (text string, ok bool) {
	err := json.Unmarshal(m.fields[key], &text)
	return text, err == nil
}

// String shows a message whole: what is wrong with it may stand at its end.
func (m message) String() string { return whole(string(m.Data)) }

// whole is a text as it passed, in quotes if that cannot be seen otherwise. Of a very long one it is the beginning and the end.
func whole(text string) string {
	if n := len(text); n > 400 {
		text = fmt.Sprintf("%s … %s (%d bytes)", strings.ToValidUTF8(text[:150], ""), strings.ToValidUTF8(text[n-150:], ""), n)
	}
	hidden := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.TrimSpace(text) == "" || strings.ContainsFunc(text, hidden) {
		return strconv.Quote(text)
	}
	return text
}

func (m message) id() string { id, _ := m.text("message_id"); return id }

func (m message) kind() string { kind, _ := m.text("type"); return kind }

// isOccasion tells whether m comes of somebody's coming or going.
func isOccasion(m testclient.Message) bool {
	got, _ := parse(m)
	return got.kind() == "welcome" || got.kind() == "system"
}

// anything but pings and pongs, which are no messages.
func anything(m testclient.Message) bool {
	return m.Kind == testclient.Text || m.Kind == testclient.Binary
}

// read takes a message apart that a client got. It must be a JSON object in a text message.
func read(w *testclient.World, c *testclient.Client, m testclient.Message) message {
	w.Helper()
	got, ok := parse(m)
	switch {
	case m.Kind != testclient.Text:
		w.Fatalf("%s got %s: messages go out as text, not as binary", c.Name(), m)
	case !ok:
		w.Fatalf("%s got %s, which is not one JSON object", c.Name(), m)
	}
	return got
}

// hear expects the next message to have these fields, and returns it.
func hear(w *testclient.World, c *testclient.Client, want fields) message {
	w.Helper()
	got := read(w, c, c.Expect(want.String(), anything))
	match(w, c, got, want)
	return got
}

// all is hear for several clients.
func all(w *testclient.World, want fields, clients ...*testclient.Client) {
	w.Helper()
	for _, c := range clients {
		hear(w, c, want)
	}
}

// match compares a message with what was wanted, field by field.
func match(w *testclient.World, c *testclient.Client, got message, want fields) {
	w.Helper()
	for _, key := range want.keys() {
		raw, there := got.fields[key]
		text, isText := got.text(key)
		switch {
		case !there && want[key] != "":
			w.Fatalf("%s got %s: its %s is missing, want %s", c.Name(), got, key, quote(want[key]))
		case want[key] == "" && there && string(raw) != `""`:
			w.Fatalf("%s got %s: it should have no %s, and its %[3]s is %.60[4]s", c.Name(), got, key, raw)
		case want[key] != "" && (!isText || text != want[key]):
			w.Fatalf("%s got %s: its %s is %.60s, want %s", c.Name(), got, key, raw, quote(want[key]))
		}
	}
}

// hearNoMore expects that nothing which these clients mind has come, or comes within a second.
func hearNoMore(w *testclient.World, clients ...*testclient.Client) {
	w.Helper()
	w.Sleep(time.Second)
	for _, c := range clients {
		for _, m := range c.Drain() {
			w.Fatalf("%s got %s, which is not for %[1]s", c.Name(), m)
		}
	}
}

// messages takes what has arrived, of the given types.
func messages(w *testclient.World, c *testclient.Client, kinds ...string) []message {
	w.Helper()
	var list []message
	for _, m := range c.Drain() {
		if got := read(w, c, m); slices.Contains(kinds, got.kind()) {
			list = append(list, got)
		}
	}
	return list
}
