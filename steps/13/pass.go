package chat

import (
	"sync"
	"time"

	"wsworkshop/steps/13/auth"
	"wsworkshop/steps/13/wire"
)

// pass is what the token of a connection says, as long as the connection lasts. Its methods are safe for
// concurrent use.
type pass struct {
	mu  sync.Mutex
	who *auth.Identity // nil where nobody is asked
	end *time.Timer    // of the token; nil before begin and after stop
}

var errExpired = &ending{code: wire.ClosePolicyViolation, reason: "the token has ended"}

// begin has expire called when the token ends.
func (p *pass) begin(expire func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// task 11.6: A connection does not outlive its token.
	if p.who != nil {
		p.end = time.AfterFunc(time.Until(p.who.Expires), expire)
	}
	// end task 11.6
}

// renew puts another token in the place of the one that there is.
func (p *pass) renew(who auth.Identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// task 11.6: What counts from now on is the new one, also if it says less, or ends earlier.
	p.who = &who
	if p.end != nil {
		p.end.Reset(time.Until(who.Expires))
	}
	// end task 11.6
}

// now returns what counts at the moment, or nil where nobody is asked.
func (p *pass) now() *auth.Identity {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.who
}

// stop is for the end of the connection.
func (p *pass) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.end != nil {
		p.end.Stop()
		p.end = nil
	}
}
