package auth

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"
)

// TicketLifetime is how long a ticket holds. It is issued for a connection that follows at once.
const TicketLifetime = 30 * time.Second

// TicketPrefix begins each ticket. Clients and rooms have no ids that begin so, and a log can tell a ticket by it.
const TicketPrefix = "~"

// Tickets are short-lived stand-ins for tokens, for where a token must not go, such as a URL: a ticket
// that was read in a log afterwards is worth nothing. They are safe for concurrent use.
type Tickets struct {
	mu     sync.Mutex
	issued map[string]ticket // by what the client has; nobody can guess it
	swept  time.Time         // when sweep last looked through issued
}

// ticket is one that was issued, and was not redeemed yet.
type ticket struct {
	who  Identity
	ends time.Time
}

// NewTickets returns Tickets of which none is issued.
func NewTickets() *Tickets {
	return &Tickets{issued: map[string]ticket{}, swept: time.Now()}
}

// Issue returns a ticket for who.
func (t *Tickets) Issue(who Identity) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sweep(time.Now())
	// task 11.4: It holds for TicketLifetime.
	id := TicketPrefix + rand.Text()
	t.issued[id] = ticket{who: who, ends: time.Now().Add(TicketLifetime)}
	return id
	// end task 11.4
}

// Redeem returns for whom a ticket was issued, if it holds. It does so once.
func (t *Tickets) Redeem(id string) (who Identity, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	// task 11.4: A ticket ends, and so does the token that it stands for.
	one, ok := t.issued[id]
	delete(t.issued, id)
	now := time.Now()
	if !ok || !now.Before(one.ends) || !now.Before(one.who.Expires) {
		return Identity{}, false
	}
	return one.who, true
	// end task 11.4
}

// sweep drops the tickets that have ended and that nobody has redeemed, once in a TicketLifetime.
func (t *Tickets) sweep(now time.Time) {
	// task 11.4: Tickets that nobody redeems do not pile up.
	if now.Sub(t.swept) < TicketLifetime {
		return
	}
	t.swept = now
	maps.DeleteFunc(t.issued, func(_ string, one ticket) bool { return !now.Before(one.ends) })
	// end task 11.4
}

// Len returns how many tickets are kept.
func (t *Tickets) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.issued)
}
