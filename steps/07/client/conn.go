package client

import (
	"encoding/json"
	"errors"
	"net"
	"time"

	"github.com/gorilla/websocket"

	"wsworkshop/steps/07/wire"
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

// farewell ends a connection from outside: with a close frame, unless a Send that waits for
// the network is in its way. Run returns within a second.
func farewell(conn *websocket.Conn) {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second/2))
	conn.Close()
}

// read hands on what the server sends until the connection ends, and returns why it did.
func (c *Client) read(conn *websocket.Conn) error {
	// TODO(7.7): A ping is a sign of life.
	// TODO(7.7): The end of the handshake is a sign of life, and so is each message. Rule 7.ga says
	// what else happens to a message.
	for {
		_, data, err := conn.ReadMessage()
		if err != nil {
			return err
		}
		var m wire.Message
		json.Unmarshal(data, &m)
		c.cfg.OnMessage(m) // placeholder: some are not for OnMessage, and some have to be remembered
	}
}

// stillAlive gives the server IdleTimeout from now.
func (c *Client) stillAlive(conn *websocket.Conn) {
	// TODO(7.7): After that, reading from conn fails. Zero means no limit.
}
