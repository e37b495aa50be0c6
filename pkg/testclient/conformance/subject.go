package conformance

import (
	"bytes"
	"net/http"
	"time"

	"wsworkshop/pkg/testclient"
)

// Subject is a server under test, and what has to be known about it.
type Subject struct {
	// Serve returns the server. It is called once for each case, inside of the case's bubble. A
	// handler that is an io.Closer is closed at the end of the case.
	Serve func(w *testclient.World) http.Handler

	// Path is where the server upgrades. Empty means "/".
	Path string

	// Header goes with the handshake. Nil means that nothing is added.
	Header http.Header

	// Dialect is how the server answers messages. Nil means that it sends them back as they came.
	Dialect *Dialect

	// TextOnly is a server that refuses binary messages with close code 1003.
	TextOnly bool

	// MaxMessage is the longest message in bytes that the server takes. It refuses a longer one
	// with close code 1009. Other cases need 1 KiB. Zero means that there is no such limit, and no
	// case of section 9.
	MaxMessage int

	// Patience is how long the server may take to answer, and to close TCP. Zero means five
	// seconds.
	Patience time.Duration
}

// Dialect is how a server answers that does more than to echo.
type Dialect struct {
	// Before and After stand around a case's text and make it a message that the server takes,
	// such as `{"say":"` and `"}`. They are ASCII.
	Before, After string

	// Answers tells whether got proves that the server took the message sent. Some messages are
	// Before, a text with control characters, and After. Others are empty, or too short for Before
	// and After. An answer that calls a message malformed proves that it arrived, too.
	Answers func(sent, got []byte) bool

	// Skips tells whether got is a message that the server sends without being asked, such as a
	// greeting. Nil means that there is none.
	Skips func(got []byte) bool
}

// answers tells whether got is the answer to the message sent.
func (s *Subject) answers(sent, got reply) bool {
	if s.Dialect != nil {
		return s.Dialect.Answers(sent.payload, got.payload)
	}
	return sent.op == got.op && bytes.Equal(sent.payload, got.payload)
}

// skips tells whether a message of the server is no answer at all.
func (s *Subject) skips(got []byte) bool {
	return s.Dialect != nil && s.Dialect.Skips != nil && s.Dialect.Skips(got)
}

// message makes a message of a text. An empty text remains empty.
func (s *Subject) message(text string) []byte {
	if s.Dialect == nil || text == "" {
		return []byte(text)
	}
	return []byte(s.Dialect.Before + text + s.Dialect.After)
}

// sized makes a message of n bytes.
func (s *Subject) sized(n int, filler byte) []byte {
	around := 0
	if s.Dialect != nil {
		around = len(s.Dialect.Before) + len(s.Dialect.After)
	}
	if n <= around {
		return bytes.Repeat([]byte{filler}, n)
	}
	return s.message(string(bytes.Repeat([]byte{filler}, n-around)))
}

func (s *Subject) path() string {
	if s.Path == "" {
		return "/"
	}
	return s.Path
}

func (s *Subject) patience() time.Duration {
	if s.Patience == 0 {
		return 5 * time.Second
	}
	return s.Patience
}
