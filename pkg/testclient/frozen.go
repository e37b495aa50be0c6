package testclient

import "strings"

// frozen tells why the clock stands still.
func frozen(waiting, all []goroutine) failure {
	culprit := pick(waiting)
	f := failure{Verdict: VerdictFrozen, At: culprit.owned(ownCode)}
	who := culprit.tell()
	switch {
	case strings.HasPrefix(culprit.state, "sync.Mutex") || strings.HasPrefix(culprit.state, "sync.RWMutex") ||
		culprit.state == "semacquire":
		f.Message = "frozen: a lock is held across blocking work." + tellAll(holders(culprit, all), 4) +
			"\nWhoever holds a lock must not write to the network, wait for a channel or sleep: " +
			"copy what you need, unlock, then do it."
	case culprit.state == "IO wait" || culprit.state == "syscall":
		f.Message = "frozen: the server waits for the real world (" + culprit.state + ").\n  " + who +
			"\nThe test's clock and network are virtual: a real socket, a DNS look-up, a file " +
			"watcher or a process never answers there."
	default:
		f.Message = "frozen: the server waits for something that was not made by it.\n  " + who +
			"\nA channel, timer or WaitGroup at package level, or made before the test began, is " +
			"outside of the test's clock. Make it in New, one for each server."
	}
	return f
}

// holders lists who waits for a lock, then who may hold it: others of the code under test
// that are blocked.
func holders(culprit goroutine, all []goroutine) []goroutine {
	list := []goroutine{culprit}
	for _, g := range all {
		does := g.waits()
		if g.id != culprit.id && len(g.owned(ownCode)) > 0 && !strings.HasPrefix(does, "reads") && does != "waits for a lock" {
			list = append(list, g)
		}
	}
	return list
}

// pick prefers the code under test, then the test.
func pick(all []goroutine) goroutine {
	for _, who := range []owner{ownCode, ownSuite} {
		for _, g := range all {
			if len(g.owned(who)) > 0 {
				return g
			}
		}
	}
	return all[0]
}

// busy tells of a loop that never waits, or only for instants.
func busy(active, all []goroutine) failure {
	runs := func(g *goroutine) bool { return len(g.owned(ownCode)) > 0 }
	naps := func(g *goroutine) bool { return g.state == "sleep" && runs(g) }
	suspects := append(filter(active, runs), filter(all, naps)...)
	culprit := pick(append(append(suspects, active...), all...))
	return failure{
		Verdict: VerdictFrozen,
		At:      culprit.owned(ownCode),
		Message: "frozen: a busy loop, and nothing else for five seconds of real time.\n  " +
			culprit.where() +
			"\nA loop needs something to wait for: a channel, a read, a timer that is not zero.",
	}
}

// stuckCall tells of a call of the test's that does not return.
func stuckCall(main goroutine, all []goroutine) failure {
	own := main.owned(ownCode)
	outer := own[len(own)-1]
	f := failure{
		Verdict: VerdictFrozen,
		At:      own,
		Message: "frozen: the test called " + shortFunc(outer.Func) + ", which does not return.",
	}
	ws := tellHolds(holds(filter(all, func(g *goroutine) bool { return len(g.owned(ownCode)) > 0 })))
	if !ws.told[main.id] {
		f.Message += "\n  " + main.tell()
		return f
	}
	f.Message += tellLines(ws.lines, mostWaits)
	f.At, f.Look = ws.at, ws.look
	return f
}
