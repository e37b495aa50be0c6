package chat_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/steps/04"
)

// types are those of this step, with their names on the wire.
var types = []struct {
	is         chat.Type
	inGo, name string
}{
	{chat.TypeWelcome, "chat.TypeWelcome", "welcome"},
	{chat.TypeMessage, "chat.TypeMessage", "message"},
	{chat.TypeBroadcast, "chat.TypeBroadcast", "broadcast"},
	{chat.TypeDirect, "chat.TypeDirect", "direct"},
	{chat.TypeSystem, "chat.TypeSystem", "system"},
	{chat.TypeError, "chat.TypeError", "error"},
}

// Task 4.1 (10 points): Each message type has a name in JSON, both ways.
func TestTypesAsJSON(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, kind := range types {
			wantJSON(w, kind.inGo, kind.is, fmt.Sprintf("%q", kind.name))
			wantValue(w, fmt.Sprintf("%q", kind.name), kind.is)
		}
	})
}

// Task 4.1: So it has in a struct, in a list, behind a pointer and as the key of a map.
func TestTypesInsideOthers(t *testing.T) {
	type letter struct {
		Type chat.Type `json:"type"`
	}
	testclient.Run(t, func(w *testclient.World) {
		for _, kind := range types {
			wantJSON(w, "a struct with "+kind.inGo, letter{kind.is}, fmt.Sprintf(`{"type":%q}`, kind.name))
			wantJSON(w, "a list with "+kind.inGo, []chat.Type{kind.is}, fmt.Sprintf(`[%q]`, kind.name))
			wantJSON(w, "a pointer to "+kind.inGo, &kind.is, fmt.Sprintf(`%q`, kind.name))
			wantJSON(w, "a map with the key "+kind.inGo, map[chat.Type]int{kind.is: 1}, fmt.Sprintf(`{%q:1}`, kind.name))
			wantValue(w, fmt.Sprintf(`{"type":%q}`, kind.name), letter{kind.is})
			wantValue(w, fmt.Sprintf(`[%q]`, kind.name), []chat.Type{kind.is})
			wantValue(w, fmt.Sprintf(`{%q:1}`, kind.name), map[chat.Type]int{kind.is: 1})
		}
	})
}

// Task 4.1: What is no message type is not read.
func TestUnknownTypesAreNotRead(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		wantValue(w, `"message"`, chat.TypeMessage)
		for _, text := range []string{`"shout"`, `"Message"`, `"MESSAGE"`, `" message"`, `"messages"`, `"mess"`, `""`, `"2"`, `2`, `true`, `["message"]`} {
			var kind chat.Type
			if err := json.Unmarshal([]byte(text), &kind); err == nil {
				w.Fatalf("%s = nil, want an error: that is no message type; t is %v now", unmarshal(text), kind)
			}
		}
	})
}

// Task 4.1: What is no message type is not written: neither the zero Type nor one that was made up.
func TestUnknownTypesAreNotWritten(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		wantJSON(w, "chat.TypeMessage", chat.TypeMessage, `"message"`)
		var none chat.Type
		wantUnwritable(w, "the zero Type", none)
		switch made := reflect.ValueOf(&none).Elem(); {
		case made.CanInt():
			made.SetInt(-1)
			wantUnwritable(w, "Type(-1)", none)
			made.SetInt(99)
			wantUnwritable(w, "Type(99)", none)
		case made.CanUint():
			made.SetUint(99)
			wantUnwritable(w, "Type(99)", none)
		case made.Kind() == reflect.String:
			made.SetString("shout")
			wantUnwritable(w, `Type("shout")`, none)
		}
	})
}

func wantJSON(w *testclient.World, what string, v any, want string) {
	w.Helper()
	got, err := json.Marshal(v)
	switch {
	case err != nil:
		w.Fatalf("json.Marshal(%s) fails with %q, want %s", what, err, want)
	case string(got) != want:
		w.Fatalf("json.Marshal(%s) = %s, want %s", what, got, want)
	}
}

// unmarshal is how a text was read, as Go code.
func unmarshal(text string) string { return "json.Unmarshal([]byte(`" + text + "`), &t)" }

// wantValue decodes text and compares it with want.
func wantValue[T any](w *testclient.World, text string, want T) {
	w.Helper()
	var got T
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		w.Fatalf("%s fails with %q; t is a %T", unmarshal(text), err, got)
	}
	if !reflect.DeepEqual(got, want) {
		w.Fatalf("%s: t is %#v, want %#v", unmarshal(text), got, want)
	}
}

func wantUnwritable(w *testclient.World, what string, kind chat.Type) {
	w.Helper()
	if got, err := json.Marshal(kind); err == nil {
		w.Fatalf("json.Marshal(%s) = %s, want an error: that is no message type", what, got)
	}
}
