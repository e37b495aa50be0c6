package client

import "fmt"

// State is what a Client is doing.
type State int

// The states, in the order in which a connection goes through them.
const (
	Connecting State = iota + 1
	Connected
	Waiting // for the next attempt
)

func (s State) String() string {
	switch s {
	case Connecting:
		return "connecting"
	case Connected:
		return "connected"
	case Waiting:
		return "waiting"
	}
	return fmt.Sprintf("State(%d)", int(s))
}
