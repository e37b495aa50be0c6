package wire

import (
	"fmt"
	"slices"
)

// Type says what a message is. The zero Type is none: it is neither written nor read.
type Type int

// The types of messages. What they mean is in LEARNING_PLAN.md, "Message types".
const (
	_                Type = iota
	TypeWelcome           // from the server, to a new client, before anything else
	TypeMessage           // to everyone in the sender's room
	TypeBroadcast         // to everyone in all rooms
	TypeDirect            // to one client, in whatever room
	TypeSystem            // from the server, to a room
	TypeError             // from the server, to the client whose message was refused
	TypeHeartbeat         // either side asks whether the other is alive
	TypeHeartbeatAck      // it is; with the heartbeat's message id
	TypeReconnect         // from the server: open another connection, and then leave this one
	TypeAuth              // from a client: its data is a new token; from the server: it holds
)

var typeNames = []string{"", "welcome", "message", "broadcast", "direct", "system", "error", "heartbeat", "heartbeat_ack", "reconnect", "auth"}

// String returns the name that passes over the wire.
func (t Type) String() string {
	if t <= 0 || int(t) >= len(typeNames) {
		return fmt.Sprintf("Type(%d)", int(t))
	}
	return typeNames[t]
}

// MarshalText gives encoding/json the name of a type, and an error for what is none.
func (t Type) MarshalText() ([]byte, error) {
	// task 4.1: Return the name of t, or an error when it is none of the types above.
	if t <= 0 || int(t) >= len(typeNames) {
		return nil, fmt.Errorf("there is no message type %d", int(t))
	}
	return []byte(typeNames[t]), nil
	// end task 4.1
}

// UnmarshalText takes the name of a type, exactly as it is written.
func (t *Type) UnmarshalText(name []byte) error {
	// task 4.1: Set *t to the type of that name, or return an error when there is none.
	at := slices.Index(typeNames, string(name))
	if at <= 0 {
		return fmt.Errorf("there is no message type %.64q", name)
	}
	*t = Type(at)
	return nil
	// end task 4.1
}

// IsKept tells whether messages of this type are kept for a client that comes back.
func (t Type) IsKept() bool {
	return t == TypeMessage || t == TypeBroadcast || t == TypeDirect || t == TypeSystem
}

// FromClients tells whether clients may send messages of this type.
func (t Type) FromClients() bool {
	return t != TypeWelcome && t != TypeSystem && t != TypeError && t != TypeReconnect
}
