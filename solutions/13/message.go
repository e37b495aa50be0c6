package chat

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// welcome is the data of a TypeWelcome.
type welcome struct {
	ClientID string `json:"client_id"`
	RoomID   string `json:"room_id"`

	Instance   string `json:"instance"` // which of several servers this is
	Resumed    bool   `json:"resumed"`
	Reason     string `json:"reason,omitempty"` // why not, or not wholly
	Reconnects int    `json:"reconnects"`       // of this session
}

// complaint is the data of a TypeError.
type complaint struct {
	Message      string `json:"message"`
	RetryAfterMS int64  `json:"retry_after_ms,omitempty"`
}

// envelope is a message that is ready to go: encoded once, and shared by all who get it. Nobody
// changes it.
type envelope struct {
	id   string
	data []byte
	ping bool // a protocol ping goes with it

	kept    bool       // a client that comes back goes on after it, see Type.IsKept
	welcome resumption // of a welcome: the session, and after which message it goes on
}

// seal gives a message its time, an id unless it has one, and its JSON.
func seal(m Message) *envelope {
	// task 4.3: Give m a fresh id (uuid.NewString) unless it has one, and the time in UTC.
	if m.ID == "" {
		m.ID = uuid.NewString()
	}
	m.Timestamp = time.Now().UTC()
	// end task 4.3
	return &envelope{id: m.ID, data: encode(m), kept: m.Type.IsKept()}
}

// encode is json.Marshal for what cannot fail.
func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a Message of ours without a type: a bug
	}
	return data
}
