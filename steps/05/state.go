package chat

// state is what the lock of a hub guards. Its methods neither lock nor wait.
type state struct {
	capacity int // of each room; zero means no limit

	closed  bool
	members map[string]*client // by id; nil while that client's handshake is under way
	rooms   map[string]*room   // by id; none is empty
}

// notify tells all members of about's room but about itself what has happened.
func (st *state) notify(about *client, text string) {
	// task 4.5: Send a TypeSystem with the text as its data and the room it is about.
	e := seal(Message{Type: TypeSystem, RoomID: about.roomID, Data: encode(text)})
	for _, m := range st.audience(about.roomID) {
		if m != nil && m != about {
			m.send(e)
		}
	}
	// end task 4.5
}
