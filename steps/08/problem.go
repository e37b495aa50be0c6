package chat

import (
	"errors"
	"time"
)

// problem is why a message is refused, in words that its sender may read.
type problem struct {
	code       Code
	sentence   string
	retryAfter time.Duration // zero: that would not help
}

func (p *problem) Error() string { return p.sentence }

// refuse tells c, and nobody else, that its message cannot be accepted. messageID is what
// the client calls that message; it may be empty.
func refuse(c *client, messageID string, err error) {
	// task 4.6, 4.7: Send a TypeError with the client's own message id, and with code and sentence
	// if err is a *problem. Other errors are ours, and nobody else's business: send nothing.
	p, ok := errors.AsType[*problem](err)
	if !ok {
		return
	}
	c.send(seal(Message{
		Type: TypeError,
		ID:   messageID,
		Code: p.code,
		Data: encode(complaint{p.sentence, milliseconds(p.retryAfter)}),
	}))
	// end task 4.6, 4.7
}
