package chat

// state is what the lock of a hub guards. Its methods neither lock nor wait.
type state struct {
	capacity int // of each room; zero means no limit

	closed  bool
	members map[string]*client // by id; nil while that client's handshake is under way
	rooms   map[string]*room   // by id; none is empty
}

// notify sends text to all members of about's room but about itself.
func (st *state) notify(about *client, text string) {
	for _, m := range st.audience(about) {
		if m != nil && m != about {
			m.send(text)
		}
	}
}
