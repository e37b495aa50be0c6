package chat

// outbox holds what waits to be written to one client. Policy: it is bounded, because
// what a slow client has not read yet lies in the server's memory; and who fills it is
// disconnected rather than skipped, because a chat with silent gaps is worse than one
// that says it was interrupted.
type outbox struct {
	queue chan *envelope
}

func newOutbox(size int) outbox {
	return outbox{queue: make(chan *envelope, size)}
}

// put queues e, or reports false when there is no room. It never waits.
func (o outbox) put(e *envelope) bool {
	// task 2.5: Queue e if there is room; report false instead of waiting for it.
	select {
	case o.queue <- e:
		return true
	default:
		return false
	}
	// end task 2.5
}
