package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Why a message was not accepted.
var (
	ErrNoSuchClient = errors.New("there is no such client")
	ErrTooSlow      = errors.New("the client reads too slowly") // it is being disconnected
)

// DeliveryError says which client has not accepted a message, and why.
type DeliveryError struct {
	ClientID string
	Err      error // ErrNoSuchClient or ErrTooSlow
}

func (e *DeliveryError) Error() string { return fmt.Sprintf("%s: %v", e.ClientID, e.Err) }
func (e *DeliveryError) Unwrap() error { return e.Err }

// Send sends a message of the program's own to one client, in whatever room. m needs a Type; its
// time is set, and its ID if it has none. Send does not wait. Nil means that the client has accepted
// m, or that m is kept until it comes back; it does not mean that the client has read it. The
// error is a *DeliveryError, or says what is wrong with m.
func (s *Server) Send(clientID string, m Message) error {
	if err := checkOwn(m); err != nil {
		return err
	}
	m.To = clientID
	if err := s.hub.toOne(clientID, seal(m)); err != nil {
		return &DeliveryError{ClientID: clientID, Err: err}
	}
	return nil
}

// Publish sends a message of the program's own to everyone in a room, as Send does to one. The
// error joins a *DeliveryError for each client that has not accepted m, see errors.Join. The others
// have. A room without anybody in it is no error.
func (s *Server) Publish(roomID string, m Message) error {
	if err := checkOwn(m); err != nil {
		return err
	}
	m.RoomID = roomID
	return s.hub.toRoom(roomID, seal(m))
}

// checkOwn tells what is wrong with a message that the program sends.
func checkOwn(m Message) error {
	if !m.Type.IsKept() {
		return fmt.Errorf("a program may not send a message of type %v", m.Type)
	}
	invisible := func(r rune) bool { return r <= ' ' || r > '~' }
	if strings.ContainsFunc(m.ID, invisible) || len(m.ID) > maxID { // it becomes an event's id, and then a header
		return fmt.Errorf("%.80q is no message id: at most %d letters, digits and signs of ASCII", m.ID, maxID)
	}
	if len(m.Data) > 0 && !json.Valid(m.Data) {
		return fmt.Errorf("a message's data must be JSON: %.80q", m.Data)
	}
	return nil
}
