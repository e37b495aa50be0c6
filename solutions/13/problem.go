package chat

import "time"

// problem is why a message is refused, in words that its sender may read.
type problem struct {
	code       Code
	sentence   string
	retryAfter time.Duration // zero: that would not help
}

func (p *problem) Error() string { return p.sentence }

// Refuse makes an error that refuses a message. Its sender is told code and sentence, and nothing
// of what may be wrapped around the error.
func Refuse(code Code, sentence string) error { return &problem{code: code, sentence: sentence} }

// refuse tells c, and nobody else, that its message cannot be accepted. messageID is what
// the client calls that message; it may be empty.
func refuse(c *client, messageID string, p *problem) {
	// task 4.6, 4.7: Send a TypeError with the client's own message id, and with code and sentence
	// of p.
	c.send(seal(Message{
		Type: TypeError,
		ID:   messageID,
		Code: p.code,
		Data: encode(complaint{p.sentence, milliseconds(p.retryAfter)}),
	}))
	// end task 4.6, 4.7
}
