package conformance

import (
	"fmt"
	"slices"

	"wsworkshop/pkg/testclient"
)

// judge compares what came with what the RFC asks.
func (p *play) judge() Result {
	t := p.trace(p.s)
	r := Result{Case: *p.c}
	r.Verdict, r.Did, r.detail, r.Section = p.verdict(t)
	if r.Section == "" {
		r.Section = p.c.Section
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	r.Transcript = slices.Clone(p.lines)
	return r
}

// account tells how a connection ended that may end in several ways.
func account(t *trace) string {
	how := "left the connection open"
	switch {
	case t.closed:
		how = "closed with " + gotCode(t.code)
	case t.ended:
		how = "closed TCP without a close frame"
	}
	return fmt.Sprintf("sent %d answers and %s", len(t.replies), how)
}

// verdict returns the verdict, what the server did if that was not right, details, and the section
// that it broke, if that is not the case's.
func (p *play) verdict(t *trace) (Verdict, string, string, string) {
	if t.fault != nil {
		return Failed, "sent " + t.fault.what, "", t.fault.section
	}
	if p.c.open {
		return Informational, account(t), "", ""
	}
	if p.early {
		return Failed, "ended the connection while the text was still good", "", "5.6"
	}
	missing, did, detail := p.compare(t.replies)
	hasty := missing && len(t.replies) == 0 && p.c.end.how == fails
	late := did != "" && p.isReordered(t.replies)
	if did != "" && !hasty && !late {
		return Failed, did, detail, ""
	}
	if p.mute {
		return Failed, "answered the ping only when the message was whole", "", ""
	}
	if verdict, did := p.judgeEnd(t); verdict != OK {
		return verdict, did, "", p.endSection(did)
	}
	switch {
	case late:
		return NonStrict, "did not send a pong before the message that came after the ping", "", "5.5.2"
	case hasty:
		return NonStrict, "failed the connection before it answered the good message", "", ""
	case p.slow:
		return NonStrict, "failed the connection only when the message was whole", "", ""
	case p.c.end.how == fails && !t.closed:
		return NonStrict, "closed TCP without a close frame", "", "7.1.7"
	}
	return OK, "", "", ""
}

// compare finds the first answer that is not as it should be. missing is one that did not come.
func (p *play) compare(got []reply) (missing bool, did, detail string) {
	for i, want := range p.c.want {
		if i == len(got) {
			return true, "did not send " + p.answerName(want), ""
		}
		if did, detail := p.compareOne(want, got[i]); did != "" {
			return false, did, detail
		}
	}
	if len(got) > len(p.c.want) {
		extra := got[len(p.c.want)].String()
		if p.c.end.how == fails {
			return false, "sent " + extra + " where it must fail the connection", ""
		}
		return false, "sent " + extra + " that nothing asked for", ""
	}
	return false, "", ""
}

// isReordered tells whether all answers came, pongs in their order and messages in theirs.
func (p *play) isReordered(got []reply) bool {
	isPong := func(r reply) bool { return r.op == testclient.OpPong }
	isMessage := func(r reply) bool { return r.op != testclient.OpPong }
	ordered := slices.Concat(only(got, isPong), only(got, isMessage))
	wanted := slices.Concat(only(p.c.want, isPong), only(p.c.want, isMessage))
	return slices.EqualFunc(wanted, ordered, func(want, got reply) bool {
		did, _ := p.compareOne(want, got)
		return did == ""
	})
}

func only(replies []reply, is func(reply) bool) []reply {
	return slices.DeleteFunc(slices.Clone(replies), func(r reply) bool { return !is(r) })
}

func (p *play) compareOne(want, got reply) (did, detail string) {
	isPong := got.op == testclient.OpPong
	switch {
	case isPong != (want.op == testclient.OpPong):
		return fmt.Sprintf("sent %s before %s", got, p.answerName(want)), ""
	case isPong && string(got.payload) != string(want.payload):
		return "sent a pong with another payload", difference(want.payload, got.payload)
	case !isPong && !p.s.answers(want, got):
		if p.s.Dialect != nil {
			return "sent another message than the answer", "It was " + showBytes(got.payload) + "."
		}
		if got.op != want.op {
			return fmt.Sprintf("answered %s with %s", want, got), ""
		}
		return "answered with another message", difference(want.payload, got.payload)
	}
	return "", ""
}

// answerName is what a report calls an answer that should have come.
func (p *play) answerName(want reply) string {
	if want.op == testclient.OpPong {
		return "the pong"
	}
	return "the answer to the " + opName(want.op) + " message"
}

const (
	leftTCP   = "did not close TCP"
	noAnswer  = "did not answer the close frame"
	endedTCP  = "closed TCP and did not answer the close frame"
	stayed    = "left the connection open"
	byItself  = "ended the connection by itself"
	wrongCode = "closed with "
)

// judgeEnd compares how the connection ended.
func (p *play) judgeEnd(t *trace) (Verdict, string) {
	failing := p.c.end.how == fails
	switch {
	case p.unasked && t.closed:
		return Failed, byItself + " with " + gotCode(t.code)
	case p.unasked:
		return Failed, byItself + " without a close frame"
	case !t.closed && !t.ended && failing:
		return Failed, stayed
	case !t.closed && !t.ended:
		return Failed, noAnswer
	case !t.closed && !failing:
		return Failed, endedTCP
	case t.closed && !slices.Contains(p.c.end.codes, t.code):
		return Failed, fmt.Sprintf("%s%s, not with %s", wrongCode, gotCode(t.code), codeList(p.c.end.codes))
	case !t.ended:
		return Failed, leftTCP
	}
	return OK, ""
}

// endSection is where the RFC asks for an end that did not come.
func (p *play) endSection(did string) string {
	switch did {
	case leftTCP:
		return "7.1.1"
	case noAnswer, endedTCP:
		return "5.5.1"
	}
	return ""
}
