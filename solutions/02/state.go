package chat

// state is what the lock of a hub guards. Its methods neither lock nor wait.
type state struct {
	closed  bool
	members map[string]*client // by name; nil while that client's handshake is under way
}

// notify sends text to all members but one.
func (st *state) notify(but *client, text string) {
	for _, m := range st.members {
		if m != nil && m != but {
			m.send(text)
		}
	}
}
