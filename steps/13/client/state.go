package client

// State is what a Client is doing.
type State string

// The states, in the order in which a connection goes through them.
const (
	Connecting State = "connecting"
	Connected  State = "connected"
	Waiting    State = "waiting" // for the next attempt
)
