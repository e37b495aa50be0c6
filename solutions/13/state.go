package chat

import "time"

// state is what the lock of a hub guards. Its methods neither lock nor wait.
type state struct {
	instance     string // which of several servers this is
	capacity     int    // of each room; zero means no limit
	resumeWindow time.Duration
	logSize      int

	shut     bool          // nobody is let in any more
	closed   bool          // and nobody stays
	admitted int           // connections that were admitted and not dismissed
	empty    chan struct{} // closed once the hub is shut and nobody is admitted

	connections map[*client]struct{} // that have joined and have not ended
	sessions    map[string]*session  // by client id: who is connected, and who may come back
	rooms       map[string]*room     // by id; none is empty
}

// connection returns the client who is connected under an id, or nil.
func (st *state) connection(id string) *client {
	if s := st.sessions[id]; s != nil {
		return s.client
	}
	return nil
}

// notify tells everyone in about's room but about itself what has happened.
func (st *state) notify(about *client, text string) {
	// task 7.5: A client that may come back gets it, too, when it does. Nobody gets a notice about
	// itself.
	// task 4.5: Send a TypeSystem with the text as its data and the room it is about.
	e := seal(Message{Type: TypeSystem, RoomID: about.roomID, Data: encode(text)})
	for _, s := range st.audience(about.roomID) {
		if s.clientID != about.id {
			st.deliver(s, e)
		}
	}
	// end task 4.5
	// end task 7.5
}
