package chattest

import (
	"encoding/json"
	"slices"

	"wsworkshop/pkg/testclient"
)

// Vocabulary declares the message types that a test knows. Its clients pass over messages of
// another type, so that the test keeps passing when the server of a later step says more.
// A text that is not a JSON object, or has no type, is never passed over.
func Vocabulary(w *testclient.World, types ...string) {
	w.OnText(func(m testclient.Message) testclient.Reflex {
		e, ok := envelopeOf(m)
		return testclient.Reflex{Hide: ok && !slices.Contains(types, e.Type)}
	})
}

// AnswerHeartbeats has the clients of a test answer heartbeats with a heartbeat_ack that has
// the same message_id, if there is one. A client of an event stream does so once the test has read
// its welcome. The test does not see those heartbeats: call it only
// where heartbeats are not the subject.
func AnswerHeartbeats(w *testclient.World) {
	w.OnText(func(m testclient.Message) testclient.Reflex {
		e, ok := envelopeOf(m)
		if !ok || e.Type != "heartbeat" {
			return testclient.Reflex{}
		}
		ack := `{"type":"heartbeat_ack"}`
		if e.ID != nil {
			ack = `{"type":"heartbeat_ack","message_id":` + string(e.ID) + `}`
		}
		return testclient.Reflex{Answer: ack, Hide: true}
	})
}

// envelope is what every message of the course has.
type envelope struct {
	Type string
	ID   json.RawMessage // nil if there is none
}

// envelopeOf reads a message that is a JSON object with a type, and no event with a name. Its
// other fields may be wrong in any way.
func envelopeOf(m testclient.Message) (envelope, bool) {
	var e struct {
		Type *string         `json:"type"`
		ID   json.RawMessage `json:"message_id"`
	}
	if m.Event != "" || len(m.Data) == 0 || m.Data[0] != '{' || json.Unmarshal(m.Data, &e) != nil || e.Type == nil {
		return envelope{}, false
	}
	return envelope{*e.Type, e.ID}, true
}
