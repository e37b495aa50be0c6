package client

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/solutions/13/wire"
)

// writeTimeout bounds each write, so that Send returns.
const writeTimeout = 10 * time.Second

// Send sends a message, such as {Type: wire.TypeMessage, Data: []byte(`"hi"`)}. Whether it
// has arrived is not known when it returns nil. Without a connection it returns
// ErrNotConnected; nothing is queued.
func (c *Client) Send(m wire.Message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil {
		return ErrNotConnected
	}
	c.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	err = c.conn.WriteMessage(websocket.TextMessage, data)
	if errors.Is(err, websocket.ErrCloseSent) {
		return ErrNotConnected
	}
	if slow, ok := errors.AsType[net.Error](err); ok && slow.Timeout() {
		c.conn.Close() // half a message may be out, and nothing can follow it
	}
	return err
}

// use makes conn the connection that Send writes to.
func (c *Client) use(conn *websocket.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = conn
}

// closeTimeout bounds a closing handshake that this client begins: Run returns within a second.
const closeTimeout = 900 * time.Millisecond

// farewell begins the closing handshake. The goroutine that reads sees the server's answer, or the
// end of TCP, and then closes conn. Send may be in the middle of a write.
func farewell(conn *websocket.Conn) {
	// task 8.9: The server has closeTimeout to answer, in all.
	time.AfterFunc(closeTimeout, func() { conn.Close() })
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(closeTimeout))
	// end task 8.9
}

// endWith has the end of ctx end conn with a farewell, whatever the caller does then, until stop.
func endWith(ctx context.Context, conn *websocket.Conn) (stop func() bool) {
	// task 7.9: Call farewell at the end of ctx.
	return context.AfterFunc(ctx, func() { farewell(conn) })
	// end task 7.9
}

// read hands on what the server sends until nothing more can be read from conn, and returns why.
func (c *Client) read(ctx context.Context, conn *websocket.Conn) error {
	defer endWith(ctx, conn)()
	// task 7.7: A ping is a sign of life.
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		c.stillAlive(conn)
		return pong(data)
	})
	// end task 7.7
	// task 7.7: Rule 7.ga says what happens to a message.
	for {
		m, err := c.receive(conn)
		if err != nil {
			return err
		}
		if m.Type == wire.TypeHeartbeat {
			c.Send(wire.Message{Type: wire.TypeHeartbeatAck, ID: m.ID}) // if that fails, the connection is about to end
			continue
		}
		// task 10.7: A reconnect asks to move, and what two connections bring is handed on once.
		if m.Type == wire.TypeReconnect {
			c.beginMove(ctx, conn, m)
		}
		if c.repeats(m) {
			continue
		}
		// end task 10.7
		c.remember(m)
		c.cfg.OnMessage(m)
	}
	// end task 7.7
}

// receive returns the next message whose type this client knows: a later server may send others.
func (c *Client) receive(conn *websocket.Conn) (wire.Message, error) {
	// task 7.7: The end of the handshake is a sign of life, and so is each message.
	for {
		c.stillAlive(conn)
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return wire.Message{}, err
		}
		var m wire.Message
		if kind == websocket.TextMessage && json.Unmarshal(data, &m) == nil && m.Type != 0 {
			return m, nil
		}
	}
	// end task 7.7
}

// stillAlive gives the server IdleTimeout from now.
func (c *Client) stillAlive(conn *websocket.Conn) {
	// task 7.7: After that, reading from conn fails. Zero means no limit.
	if c.cfg.IdleTimeout > 0 {
		conn.SetReadDeadline(time.Now().Add(c.cfg.IdleTimeout))
	}
	// end task 7.7
	// task 10.7: Once a client has moved, it reads no more from its old connection.
	if c.move.isThere() {
		conn.SetReadDeadline(time.Now())
	}
	// end task 10.7
}
