package chat

import "slices"

// sessionLog is what a session was sent lately, the oldest first, at most size messages.
type sessionLog struct {
	size    int
	kept    []*envelope
	dropped string // id of the latest message that is not kept any more
}

// add keeps e; when there is no more room, the oldest goes.
func (l *sessionLog) add(e *envelope) {
	// task 7.6: The log keeps l.size messages, the latest.
	if len(l.kept) == l.size {
		l.dropped = l.kept[0].id
		l.kept = l.kept[1:]
	}
	// end task 7.6

	// task 7.5: Keep e.
	l.kept = append(l.kept, e)
	// end task 7.5
}

// after returns what was sent after the message called id, or since the session began if
// id is empty. It returns all that is kept, and false, if there was more than that: then
// something is missing, or something comes twice.
func (l *sessionLog) after(id string) (missed []*envelope, complete bool) {
	// task 7.5: Return what follows id. The caller writes it while the log goes on.
	// What came after l.dropped is all that is kept. As long as nothing was dropped it is "".
	if id == l.dropped {
		return slices.Clone(l.kept), true
	}
	at := slices.IndexFunc(l.kept, func(e *envelope) bool { return e.id == id })
	return slices.Clone(l.kept[at+1:]), at >= 0
	// end task 7.5
}
