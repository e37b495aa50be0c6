package testpage

import (
	"encoding/json"
	"strings"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient/program"
)

// do has the loop do a task and waits for it.
func (p *Page) do(task func()) {
	program.CheckStopped(p.w)
	done := make(chan struct{})
	posted := p.loop.post(func() {
		p.loop.done = done
		task()
	})
	if posted {
		select {
		case <-done:
		case <-p.loop.ended:
		}
	}
	program.CheckStopped(p.w)
	if !posted {
		panic("testpage: " + p.Name() + " is used after its end: a page ends with its test")
	}
}

// Run runs statements in the page, as if they stood in a script of their own. What they
// declare stays. An exception fails the test.
func (p *Page) Run(js string) {
	program.CheckStopped(p.w)
	p.w.NoteBy(p.Name(), "runs %s", firstLine(js))
	script, err := sobek.Compile(testCode, js, false)
	if err != nil {
		p.w.Fatalf("the test's own script cannot be read: %v\n  %s", err, firstLine(js))
	}
	p.do(func() {
		if _, err := p.loop.vm.RunProgram(script); err != nil {
			p.uncaught(firstLine(js), err)
		}
	})
}

// testCode names scripts of the test's in stacks.
const testCode = "(test)"

func firstLine(js string) string {
	js = strings.TrimSpace(js)
	if line, _, more := strings.Cut(js, "\n"); more {
		return line + " …"
	}
	return js
}

// Get puts an expression's value into what into points at, by way of JSON. A promise is
// awaited, with the page's patience. undefined is null. An exception fails the test.
func (p *Page) Get(js string, into any) {
	script := p.expression(js)
	var v sobek.Value
	p.do(func() { v = p.value(js, script) })
	if promise, ok := v.Export().(*sobek.Promise); ok {
		if !p.until(p.patience, func() bool { return promise.State() != sobek.PromiseStatePending }) {
			p.w.Lacks(p.Name(), "%s should have an answer to %s within %v; the promise is still pending", p.Name(), js, p.patience)
		}
		v = promise.Result()
	}
	var text string
	p.do(func() { text = p.stringify(v) })
	if err := json.Unmarshal([]byte(text), into); err != nil {
		p.w.Fatalf("%s: %s is %s, which does not fit: %v", p.Name(), js, text, err)
	}
}

// expression compiles an expression.
func (p *Page) expression(js string) *sobek.Program {
	script, err := sobek.Compile(testCode, "(\n"+js+"\n)", false)
	if err != nil {
		p.w.Fatalf("the test's own expression cannot be read: %v\n  %s", err, js)
	}
	return script
}

// value evaluates an expression.
func (p *Page) value(js string, script *sobek.Program) sobek.Value {
	v, err := p.loop.vm.RunProgram(script)
	if err != nil {
		p.uncaught(js, err)
		return sobek.Undefined()
	}
	return v
}

// stringify writes a value as JSON; what JSON has no word for is null.
func (p *Page) stringify(v sobek.Value) string {
	stringify, _ := sobek.AssertFunction(p.loop.vm.Get("JSON").ToObject(p.loop.vm).Get("stringify"))
	text, err := stringify(sobek.Undefined(), v)
	if err != nil {
		p.uncaught("JSON.stringify", err)
	}
	if text == nil || sobek.IsUndefined(text) {
		return "null"
	}
	return text.String()
}
