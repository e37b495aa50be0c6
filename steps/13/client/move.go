package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/13/wire"
)

// moving is what a client knows of its moves from one connection to another.
type moving struct {
	// task 10.7: Make before break.
	move    *move           // away from the connection that is read from; nil if there is none
	heard   map[string]bool // ids of what the old connection has brought since the latest move began
	leaving sync.WaitGroup  // connections that were moved away from
	noting  sync.Mutex      // guards sessionID and lastMessageID; the rest is Run's
	// end task 10.7
}

// task 10.7: After a reconnect, open a second connection, and only then leave the first.

// move opens another connection in a goroutine of its own, while that of Run goes on reading from the
// old one.
type move struct {
	cancel context.CancelFunc // ends it, as long as it waits for its moment
	there  atomic.Bool        // the other connection has had its welcome
	over   chan struct{}      // closed at its end, after which what follows may be read

	conn    *websocket.Conn // the other connection, nil if there is none
	welcome wire.Message    // which it began with
	err     error           // why there is no other connection
}

// beginMove begins to move away from old, at a random moment of the window that the server asks for.
func (c *Client) beginMove(ctx context.Context, old *websocket.Conn, reconnect wire.Message) {
	if c.move.isOn() {
		return
	}
	var data struct {
		WindowMS float64 `json:"window_ms"`
	}
	json.Unmarshal(reconnect.Data, &data) // without a window, the moment is now
	moment := time.After(c.atLeast(time.Duration(c.cfg.Jitter() * data.WindowMS * float64(time.Millisecond))))
	waiting, cancel := context.WithCancel(ctx)
	m := &move{cancel: cancel, over: make(chan struct{})}
	c.move, c.heard = m, map[string]bool{}
	go func() {
		defer cancel()
		select {
		case <-moment:
			m.conn, m.welcome, m.err = c.open(ctx)
		case <-waiting.Done():
		}
		if m.conn != nil {
			stuck := time.AfterFunc(time.Second, func() { old.NetConn().SetWriteDeadline(time.Unix(1, 0)) })
			c.use(m.conn) // it waits for a Send that the old connection's network holds up
			stuck.Stop()
			m.there.Store(true)
			old.SetReadDeadline(time.Now()) // wakes the goroutine of Run, see stillAlive
		}
		close(m.over)
	}()
}

// isThere tells whether there is nothing to wait for on the old connection.
func (m *move) isThere() bool { return m != nil && m.there.Load() }

// isOn tells whether m is under way or has succeeded.
func (m *move) isOn() bool {
	if m == nil {
		return false
	}
	select {
	case <-m.over:
		return m.isThere()
	default:
		return true
	}
}

// open opens another connection, and returns it with its welcome.
func (c *Client) open(ctx context.Context) (*websocket.Conn, wire.Message, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return nil, wire.Message{}, err
	}
	defer endWith(ctx, conn)()
	welcome, err := c.receive(conn) // nothing comes before it
	if err != nil {
		conn.Close()
		return nil, wire.Message{}, err
	}
	return conn, welcome, nil
}

// moved returns the connection to go on with after this end of another one. If there is none, it
// returns the end that counts.
func (c *Client) moved(end error) (*websocket.Conn, error) {
	m := c.move
	if m == nil {
		return nil, end
	}
	duringMove := m.isOn()
	m.cancel()
	<-m.over
	c.move = nil
	if m.conn != nil {
		c.remember(m.welcome)
		c.cfg.OnMessage(m.welcome)
		return m.conn, nil
	}
	if duringMove && m.err != nil && websocket.IsCloseError(end, int(wire.CloseTakenOver)) {
		return nil, errors.New("lost in a move: " + m.err.Error()) // it had taken over, and ended before its welcome
	}
	return nil, end
}

// repeats tells whether m was handed on before the client moved. The new connection begins with all
// messages that the old one has brought since the new one was asked for.
func (c *Client) repeats(m wire.Message) bool {
	switch m.Type {
	case wire.TypeMessage, wire.TypeBroadcast, wire.TypeDirect, wire.TypeSystem:
	default:
		return false // no session keeps it
	}
	if c.move.isOn() {
		c.heard[m.ID] = true
		return false
	}
	return c.heard[m.ID]
}

// leave ends a connection from which gorilla cannot read any more. What still comes until the server's
// answer is repeated by the new connection.
func leave(conn *websocket.Conn) {
	defer conn.Close()
	by := time.Now().Add(closeTimeout)
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	conn.WriteControl(websocket.CloseMessage, bye, by)
	conn.SetReadDeadline(by)
	io.Copy(io.Discard, conn.NetConn())
}

// end task 10.7
