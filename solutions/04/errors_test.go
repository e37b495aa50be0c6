package chat_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"wsworkshop/pkg/testclient"
	chat "wsworkshop/solutions/04"
)

// refusals has a client send bad messages, one after the other: each must be answered with one of
// the codes before it, to that client alone, and the connection must live on.
func refusals(t *testing.T, bad ...string) {
	run(t, chat.Config{}, func(w *testclient.World, s *server) {
		ana, bob, zoe := s.join("ana", "den"), s.join("bob", "den"), s.join("zoe", "lobby")
		codes := ""
		for _, text := range bad {
			if next, ok := strings.CutPrefix(text, "want: "); ok {
				codes = next
				continue
			}
			ana.Send(text)
			wantError(w, ana, text, codes)
			hearNoMore(w, ana, bob, zoe)
		}
		say(ana, "message", "hello")
		all(w, fields{"type": "message", "data": "hello"}, ana, bob)
		hearNoMore(w, ana, bob, zoe)
	})
}

// wantError expects the next message to be an error with one of the codes, and a sentence: the answer to what was sent.
func wantError(w *testclient.World, c *testclient.Client, sent, codes string) message {
	w.Helper()
	what := "an error with the code " + strings.ReplaceAll(codes, " ", " or ")
	answer := "\nthat is the answer to " + whole(sent)
	got := read(w, c, c.Expect(what+" in answer to "+whole(sent), anything))
	if got.kind() != "error" {
		w.Fatalf("%s got %s, want %s;%s", c.Name(), got, what, answer)
	}
	if code, _ := got.text("code"); !slices.Contains(strings.Fields(codes), code) {
		w.Fatalf("%s got %s, whose code is %q, want %s;%s", c.Name(), got, code, what, answer)
	}
	var data map[string]json.RawMessage
	json.Unmarshal(got.fields["data"], &data)
	sentence, ok := message{fields: data}.text("message")
	if !ok || strings.TrimSpace(sentence) == "" {
		w.Fatalf("%s got %s: its data must be an object with message, a sentence that says what is wrong;%s", c.Name(), got, answer)
	}
	for _, foreign := range []string{"json: unknown field", "invalid character '", "unexpected end of JSON", "cannot unmarshal", "Go value", "RawMessage", "chat.Type", "chat.Message"} {
		if strings.Contains(sentence, foreign) {
			w.Fatalf("%s got %s: %q is how Go puts it.\nWhat a library says in its errors is for the log, not for clients: they learn nothing from it, and attackers do;%s",
				c.Name(), got, foreign, answer)
		}
	}
	return got
}

// Task 4.7 (20 points, after 4.2, 4.3, 4.6): A bad message gets an error, and nothing breaks.
func TestNotOneJSONObject(t *testing.T) {
	refusals(t, "want: invalid_json",
		`hello`, `{"type":"message","data":"hi"`, `{"type":"message","data":hi}`, `{'type':'message','data':'hi'}`, `{"type":"message","data":"hi",}`,
		`[]`, `null`, `"message"`, `7`, `true`, ``, ` `, `{`, `}`,
		`{"type":"message","data":"hi"}{"type":"message","data":"hi"}`, `{"type":"message","data":"hi"} x`,
		"{\"type\":\"message\",\"data\":\"hi\"}\n{\"type\":\"message\",\"data\":\"hi\"}", `{"type":"message","data":"hi"}]`, `{"type":"message","data":"hi"},`,
		`[{"type":"message","data":"hi"}]`, "\f{\"type\":\"message\",\"data\":\"hi\"}", "{\"type\":\"message\",\"data\":\"hi\"}\u00a0", "{\"type\":\"message\",\"data\":\"two\nlines\"}",
	)
}

// Task 4.7: A type that does not exist, or that only the server sends.
func TestUnknownType(t *testing.T) {
	refusals(t, "want: unknown_type",
		`{"type":"shout","data":"hi"}`, `{"type":"Message","data":"hi"}`, `{"type":"MESSAGE","data":"hi"}`, `{"type":" message","data":"hi"}`,
		`{"type":"welcome","data":"hi"}`, `{"type":"system","data":"ana left"}`, `{"type":"error","data":"hi"}`,
		`{"type":"system","data":"bob left","from":"server"}`,
	)
}

// Task 4.7: A key that the envelope does not have; keys are matched exactly.
func TestUnknownField(t *testing.T) {
	refusals(t, "want: unknown_field",
		`{"type":"message","data":"hi","colour":"red"}`, `{"type":"message","data":"hi","colour":null}`, `{"type":"message","data":"hi","":1}`,
		`{"type":"message","data":"hi","TYPE":"broadcast"}`, `{"TYPE":"broadcast","type":"message","data":"hi"}`,
		`{"type":"message","data":"hi","Data":"ho"}`, `{"type":"message","data":"hi","From":"bob"}`, `{"type":"message","data":"hi","messageId":"a"}`,
		`{"type":"direct","to":"bob","To":"zoe","data":"hi"}`, `{"type":"message","data":"hi","type ":"message"}`,
	)
}

// Task 4.7: A field that is missing, or null.
func TestMissingField(t *testing.T) {
	refusals(t, "want: missing_field",
		`{}`, `{"data":"hi"}`, `{"type":"message"}`, `{"type":"broadcast"}`, `{"type":"direct","data":"hi"}`, `{"type":"direct","to":"bob"}`,
		`{"type":null,"data":"hi"}`, `{"type":"message","data":null}`, `{"type":"broadcast","data": null }`, `{"type":"direct","to":null,"data":"hi"}`,
	)
}

// Task 4.7: A field of the wrong type, empty, or too long.
func TestInvalidField(t *testing.T) {
	hi := `{"type":"message","data":"hi","message_id":`
	refusals(t, "want: invalid_field",
		`{"type":"message","data":7}`, `{"type":"message","data":true}`, `{"type":"message","data":""}`, `{"type":"broadcast","data":["hi"]}`,
		`{"type":"message","data":{"text":"hi"}}`, `{"type":"direct","to":"bob","data":""}`,
		hi+`7}`, hi+`""}`, hi+`["a"]}`, hi+`"`+strings.Repeat("m", 65)+`"}`, hi+`"`+strings.Repeat("é", 33)+`"}`,
	)
}

// Task 4.7: Where two codes are right, either is.
func TestSeveralFaults(t *testing.T) {
	refusals(t,
		"want: unknown_type invalid_field", `{"type":"","data":"hi"}`, `{"type":"shout","data":7}`,
		`{"type":7,"data":"hi"}`, `{"type":["message"],"data":"hi"}`, `{"type":{},"data":"hi"}`,
		"want: unknown_type missing_field", `{"type":"shout"}`, `{"type":"system","data":null}`,
		"want: unknown_field missing_field", `{"tipe":"message","data":"hi"}`,
		"want: no_such_client invalid_field", `{"type":"direct","to":"","data":"hi"}`, `{"type":"direct","to":"not an id","data":"hi"}`,
		`{"type":"direct","to":"`+strings.Repeat("b", 65)+`","data":"hi"}`, `{"type":"direct","to":7,"data":"hi"}`, `{"type":"direct","to":["bob"],"data":"hi"}`,
	)
}
