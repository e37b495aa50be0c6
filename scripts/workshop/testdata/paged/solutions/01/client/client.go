// Package client is a client in Go.
package client

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	chat "wsworkshop/solutions/01"
)

// Client asks one question at a time.
type Client struct {
	mu   sync.Mutex // held while a question is asked
	conn *websocket.Conn
}

// Dial connects.
func Dial(ctx context.Context, host string, dial func(ctx context.Context, network, addr string) (net.Conn, error)) (*Client, error) {
	d := websocket.Dialer{NetDialContext: dial}
	conn, _, err := d.DialContext(ctx, "ws://"+host+chat.Path, nil)
	return &Client{conn: conn}, err
}

// Close hangs up.
func (c *Client) Close() error { return c.conn.Close() }

// Ask sends a text and returns the answer, "" if there is none within 10 s.
func (c *Client) Ask(text string) string {
	// task 1.3: Write, then read, one at a time.
	//- return ""
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		return ""
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, data, _ := c.conn.ReadMessage()
	return string(data)
	// end task 1.3
}
