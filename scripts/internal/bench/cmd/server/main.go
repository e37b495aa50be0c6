// Command server is what solutions are measured against: a chat in the style of gorilla's own
// example, with a hub, two goroutines and a queue of 256 for each connection.
package main

import (
	"flag"
	"log"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	pongWait   = time.Minute
	pingPeriod = pongWait * 9 / 10
	writeWait  = 10 * time.Second
)

type client struct {
	conn *websocket.Conn
	send chan []byte
}

// hub knows the clients. Its run is the only one to touch the map.
type hub struct {
	register, unregister chan *client
	broadcast            chan []byte
}

func (h *hub) run() {
	clients := map[*client]bool{}
	for {
		select {
		case c := <-h.register:
			clients[c] = true
		case c := <-h.unregister:
			if clients[c] {
				delete(clients, c)
				close(c.send)
			}
		case message := <-h.broadcast:
			for c := range clients {
				select {
				case c.send <- message:
				default:
					delete(clients, c)
					close(c.send)
				}
			}
		}
	}
}

func (c *client) read(h *hub) {
	defer c.conn.Close()
	defer func() { h.unregister <- c }()
	c.conn.SetReadLimit(512)
	c.conn.SetReadDeadline(time.Now().Add(pongWait))
	c.conn.SetPongHandler(func(string) error { return c.conn.SetReadDeadline(time.Now().Add(pongWait)) })
	for {
		_, message, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		h.broadcast <- message
	}
}

func (c *client) write() {
	ticker := time.NewTicker(pingPeriod)
	defer ticker.Stop()
	defer c.conn.Close()
	for {
		kind, message := websocket.PingMessage, []byte(nil)
		select {
		case next, open := <-c.send:
			if !open {
				return
			}
			kind, message = websocket.TextMessage, next
		case <-ticker.C:
		}
		c.conn.SetWriteDeadline(time.Now().Add(writeWait))
		if c.conn.WriteMessage(kind, message) != nil {
			return
		}
	}
}

func main() {
	addr := flag.String("addr", "localhost:8080", "host and port to listen on")
	flag.Parse()
	h := &hub{make(chan *client), make(chan *client), make(chan []byte)}
	go h.run()
	upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	log.Fatal(http.ListenAndServe(*addr, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		c := &client{conn, make(chan []byte, 256)}
		h.register <- c
		go c.write()
		go c.read(h)
	})))
}
