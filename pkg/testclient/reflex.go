package testclient

import "slices"

// Reflex is what a client does by itself about a text message. The zero value leaves the
// message to the test.
type Reflex struct {
	Answer string // is sent back at once, as a text message; empty: nothing is (see AnswerBy)
	Hide   bool   // expectations pass the message over, as if it had not come
}

// OnText has the clients of this World ask fn about each text message that arrives from now
// on. It is for the good manners of a protocol, in tests that are about something else: a
// client that answers heartbeats, or does not mind types of messages that a later version of
// the server sends. Of several fn each is asked, in the order of the calls.
//
// Each client asks when it reads the message, in a goroutine of its own. So fn is called by
// several goroutines at once and must not wait. A client that has stopped reading asks
// nothing. Messages of connections that a program reads (see [Client.Read]) are the
// program's alone.
func (w *World) OnText(fn func(Message) Reflex) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []func(Message) Reflex
	if before := w.reflexes.Load(); before != nil {
		all = slices.Clone(*before)
	}
	all = append(all, fn)
	w.reflexes.Store(&all)
}

// reflex does what OnText asks for, and tells whether the message is hidden from the test.
func (p *peer) reflex(m Message) (hide bool) {
	all := p.w.reflexes.Load()
	if all == nil || m.Kind != Text || p.read {
		return false
	}
	for _, fn := range *all {
		r := fn(m)
		hide = hide || r.Hide
		if r.Answer != "" {
			p.answer(r.Answer)
		}
	}
	return hide
}

// sends answers over a WebSocket.
func (p *peer) sends(text string) {
	p.w.add(p.name, "──▶ ", glimpseOf(Text, []byte(text)))
	p.post(TextFrame(text).Bytes())
}
