package chat

import (
	"context"
	"strings"
)

// receive acts on one text of c: a command, or something to pass on to its room. ctx ends with
// the connection.
func (s *Server) receive(ctx context.Context, c *client, text string) {
	// task 2.4: "/msg bob hi" is a direct message: hand what follows "/msg " (nothing, if it
	// is a bare "/msg") to s.whisper. No one else must get to see it, also when it is malformed.
	if command, args, _ := strings.Cut(text, " "); command == "/msg" {
		s.whisper(c, args)
		return
	}
	// end task 2.4
	// task 2.2: Pass it on to everyone with its sender's name: "ana: hi".
	s.hub.broadcast(c, c.id+": "+text)
	// end task 2.2
}

// whisper sends a direct message; args is "bob hi". The sender hears of it only if it
// cannot be delivered.
func (s *Server) whisper(c *client, args string) {
	// task 2.4: Send it as "ana (direct): hi" with s.hub.direct. Answer the sender with
	// "! usage: /msg name text" when the name or the text is missing, and with
	// "! no such client: bob" when there is none of that name.
	to, text, ok := strings.Cut(args, " ")
	if !ok || to == "" || text == "" {
		c.send("! usage: /msg name text")
		return
	}
	if !s.hub.direct(to, c.id+" (direct): "+text) {
		c.send("! no such client: " + to)
	}
	// end task 2.4
}
