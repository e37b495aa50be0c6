package testpage

import (
	"regexp"
	"slices"
	"time"

	"github.com/grafana/sobek"
)

// watch is what the loop looks at whenever the page has done something.
type watch struct {
	ready func() bool
	met   bool
	done  chan struct{} // closed once it is met
}

// look looks at what the test waits for.
func (l *loop) look() {
	for _, w := range l.watch {
		if !w.met && w.ready() {
			w.met = true
			close(w.done)
		}
	}
}

// until waits until ready, which the loop calls, or until d has passed. What is due at that
// very moment happens first.
func (p *Page) until(d time.Duration, ready func() bool) bool {
	w := &watch{ready: ready, done: make(chan struct{})}
	p.do(func() { p.loop.watch = append(p.loop.watch, w) })
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.done:
	case <-timer.C:
		p.w.Settle()
	case <-p.loop.ended:
	}
	p.do(p.loop.look)
	p.do(func() {
		p.loop.watch = slices.DeleteFunc(p.loop.watch, func(have *watch) bool { return have == w })
	})
	return w.met
}

// Await waits until an expression is true; it looks whenever the page has done something.
// what completes the sentence "the page should …".
func (p *Page) Await(what, js string) {
	program := p.expression(js)
	if !p.until(p.patience, func() bool { return p.holds(js, program) }) {
		var instead string
		p.do(func() { instead = p.instead(js) })
		p.w.NoteBy(p.Name(), "(waited until here)")
		p.w.Lacks(p.Name(), "%s should %s within %v; %s", p.Name(), what, p.patience, instead)
	}
}

// Stays fails the test unless an expression is true from now on for so long; it looks
// whenever the page has done something, and at the end. what completes the sentence "the
// page should …".
func (p *Page) Stays(d time.Duration, what, js string) {
	program := p.expression(js)
	began := p.w.Elapsed()
	var after time.Duration
	var instead string
	broken := p.until(d, func() bool {
		if p.holds(js, program) {
			return false
		}
		after, instead = p.w.Elapsed()-began, p.instead(js)
		return true
	})
	if broken {
		p.w.Fatalf("%s should %s for %v; after %v it did not: %s", p.Name(), what, d, after, instead)
	}
}

// holds tells whether an expression is true.
func (p *Page) holds(js string, program *sobek.Program) bool {
	v := p.value(js, program)
	if _, ok := v.Export().(*sobek.Promise); ok {
		panic("testpage: " + js + " is a promise; Await and Stays need a value that is there, see Get")
	}
	return v.ToBoolean()
}

var comparison = regexp.MustCompile(`^([^=!<>&|?]+) (===|==|!==|!=|<|>|<=|>=) [^&|?]+$`)

// instead tells what is the case where an expression is not as it should be. The loop calls
// it.
func (p *Page) instead(js string) string {
	if m := comparison.FindStringSubmatch(js); m != nil {
		js = m[1]
	}
	program, err := sobek.Compile(testCode, "("+js+")", false)
	if err != nil {
		return js + " is not as it should be"
	}
	v, err := p.loop.vm.RunProgram(program)
	if err != nil {
		return js + " is not there"
	}
	return js + " is " + p.stringify(v)
}
