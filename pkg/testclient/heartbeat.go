package testclient

import "encoding/json"

// AnswerHeartbeats has every client of this World answer heartbeats by itself from now on: a
// text message {"type":"heartbeat","message_id":"x"} with {"type":"heartbeat_ack",
// "message_id":"x"}. Expectations pass heartbeats over, as if they had not come.
//
// These are the good manners of a client in tests that are about something else. A client
// that has stopped reading answers nothing, and one that a program reads (see [Client.Read])
// leaves it to the program.
func (w *World) AnswerHeartbeats() { w.heartbeats.Store(true) }

// heartbeat tells whether m is a heartbeat that the client is to answer, and its id.
func (p *peer) heartbeat(m Message) (id json.RawMessage, ok bool) {
	if !p.w.heartbeats.Load() || m.Kind != Text || p.read {
		return nil, false
	}
	if kind, ok := m.typeOf(); !ok || kind != "heartbeat" {
		return nil, false
	}
	var envelope struct {
		ID json.RawMessage `json:"message_id"`
	}
	_ = json.Unmarshal(m.Data, &envelope) // typeOf has read it
	return envelope.ID, true
}

// answerHeartbeat sends the acknowledgement, with the same id if there is one.
func (p *peer) answerHeartbeat(id json.RawMessage) {
	ack := `{"type":"heartbeat_ack"}`
	if id != nil {
		ack = `{"type":"heartbeat_ack","message_id":` + string(id) + `}`
	}
	p.w.add(p.name, "──▶ ", glimpseOf(Text, []byte(ack)))
	p.post(TextFrame(ack).Bytes())
}
