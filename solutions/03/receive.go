package chat

import "strings"

// receive acts on one text of c: a command, or something to pass on to its room.
func (s *Server) receive(c *client, text string) {
	// task 2.4: "/msg bob hi" goes to bob alone, as "ana (direct): hi". Tell the sender
	// "! no such client: bob" when there is none, and how to use /msg when it is malformed.
	if args, ok := strings.CutPrefix(text, "/msg "); ok {
		s.whisper(c, args)
		return
	}
	// end task 2.4
	// task 2.2: Pass it on to everyone with its sender's name: "ana: hi".
	s.hub.broadcast(c, c.id+": "+text)
	// end task 2.2
}

func (s *Server) whisper(c *client, args string) {
	to, text, ok := strings.Cut(args, " ")
	if !ok || to == "" || text == "" {
		c.send("! usage: /msg name text")
		return
	}
	if !s.hub.direct(to, c.id+" (direct): "+text) {
		c.send("! no such client: " + to)
	}
}
