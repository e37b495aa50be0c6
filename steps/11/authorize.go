package chat

import (
	"encoding/json"
	"time"

	"wsworkshop/steps/11/auth"
)

// authorize returns why c may not send m now, or nil.
func (s *Server) authorize(c *client, m Message) error {
	who := c.pass.now()
	if who == nil {
		return nil
	}
	// TODO(11.7): Only some may send to all rooms, and they may lose that right.
	return nil // placeholder
}

// rolesOf returns the roles that somebody has at this moment.
func (s *Server) rolesOf(who auth.Identity) []string {
	// TODO(11.7): A token was signed some time ago.
	return nil // placeholder
}

// reauthorize has c go on with another token, which it has sent as m.
func (s *Server) reauthorize(c *client, m Message) error {
	// TODO(11.6): It must be good for the same client in the same room.
	return forbidden("not written yet")
}

// renewal is the data of the answer to a TypeAuth.
type renewal struct {
	ExpiresAt time.Time `json:"expires_at"` // when the connection ends, without another token
}

func forbidden(sentence string) error { return Refuse(CodeForbidden, sentence) }

// textIn returns the text that is the data of a message.
func textIn(m Message) string {
	var text string
	json.Unmarshal(m.Data, &text) // decode has made sure of it
	return text
}
