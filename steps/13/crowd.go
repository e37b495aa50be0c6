package chat

import (
	"errors"
	"sync"
)

// crowd is who is connected from where. Its methods are safe for concurrent use. A client that connects
// again before its old connection has ended is one client, or it could not come back.
type crowd struct {
	most      int // clients; zero means no limit
	mostPerIP int // of them from one address

	mu      sync.Mutex
	clients visits            // of each client
	from    map[string]visits // by address
	open    visits            // of those that have opened and not ended
	full    latch
}

// visits are connections, by client id.
type visits map[string]int

func newCrowd(cfg Config) *crowd {
	return &crowd{
		most: cfg.MaxConnections, mostPerIP: cfg.MaxConnectionsPerIP, full: newFull(cfg.MaxConnections),
		clients: visits{}, open: visits{}, from: map[string]visits{},
	}
}

var (
	errFull    = errors.New("the server is full")
	errCrowded = errors.New("too many connections from this address")
)

// enter counts one more connection of a client, or returns why it may not. Each success needs one leave.
func (c *crowd) enter(clientID, address string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	// task 11.9: No more than c.most clients, and no more than c.mostPerIP from one address.
	here := c.from[address]
	switch {
	case c.mostPerIP > 0 && here[clientID] == 0 && len(here) >= c.mostPerIP:
		return errCrowded
	case c.most > 0 && c.clients[clientID] == 0 && len(c.clients) >= c.most:
		return errFull
	}
	if here == nil {
		here = visits{}
		c.from[address] = here
	}
	here[clientID]++
	c.clients[clientID]++
	return nil
	// end task 11.9
}

// leave ends what enter began.
func (c *crowd) leave(clientID, address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// task 11.9: Nothing is left of an address from which nobody is here.
	here := c.from[address]
	here.remove(clientID)
	if len(here) == 0 {
		delete(c.from, address)
	}
	c.clients.remove(clientID)
	// end task 11.9
}

// opened notes that a connection of a client has opened, of those that have entered.
func (c *crowd) opened(clientID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// task 12.9: The server may be full now.
	c.open[clientID]++
	c.full.set(len(c.open))
	// end task 12.9
}

// closed ends what opened began.
func (c *crowd) closed(clientID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// task 12.9: There is room again, perhaps.
	c.open.remove(clientID)
	c.full.set(len(c.open))
	// end task 12.9
}

// size tells how many clients there are, and whether the server is full of them.
func (c *crowd) size() (clients int, full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	// task 12.9: A client may have two connections for a moment.
	return len(c.open), c.full.on
	// end task 12.9
}

func (v visits) remove(clientID string) {
	if v[clientID]--; v[clientID] == 0 {
		delete(v, clientID)
	}
}
