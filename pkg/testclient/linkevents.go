package testclient

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Events asks for an event stream as a browser's EventSource does, and returns a failure as an
// error instead of failing the test. An answer that is no event stream is a [*RefusedError]; as in
// a browser, nobody reads its body. ctx alone limits the time until the head of the answer.
//
// Read such a stream with [Client.Read]: each event is a message, and the end is io.EOF, in order
// or not. The faults of the Link are for its latest connection, a stream as well. Where the
// request has a Last-Event-ID, events without an id keep that one.
func (l *Link) Events(ctx context.Context, path string, opts ...DialOption) (*Client, error) {
	if err := l.dialed(ctx, &l.streams); err != nil {
		return nil, err
	}
	d := l.d.with(opts)
	req := l.s.get(path)
	req.Header.Set("Accept", typeEvents)
	d.apply(req)
	c, asked, resp, err := l.request(ctx, req, d, true)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK || !isEvents(resp.Header) {
		c.raw.kill()
		return nil, fmt.Errorf("no event stream: %w", &RefusedError{l.s.answered(asked, req, resp, nil)})
	}
	l.s.note(asked, "◀── 200")
	return newStream(l.s.w, d, c, resp, true), nil
}

// Streams returns when, since the test began, [Link.Events] has asked for each event stream, those
// that were refused too.
func (l *Link) Streams() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.streams)
}
