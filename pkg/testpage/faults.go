package testpage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grafana/sobek"

	"wsworkshop/pkg/testclient"
	"wsworkshop/pkg/testclient/program"
)

// threw reports what a listener or a job has thrown, from within the script.
func (t *tab) threw(thrown sobek.Value) {
	t.fault(testclient.VerdictPanic, theScript+" threw "+describe(thrown), t.stackOf(thrown))
}

// uncaught reports the error with which a call of the script came back. who did it completes
// the sentence "… threw".
func (t *tab) uncaught(who string, err error) {
	var interrupted *sobek.InterruptedError
	var overflow *sobek.StackOverflowError
	var thrown *sobek.Exception
	switch {
	case errors.As(err, &interrupted):
		t.fault(testclient.VerdictFrozen, who+" does not come to an end: a loop without a way out, for two seconds of real time",
			t.places(interrupted.Stack()))
	case errors.As(err, &overflow):
		t.fault(testclient.VerdictPanic, who+" threw RangeError: Maximum call stack size exceeded", t.places(overflow.Stack()))
	case errors.As(err, &thrown):
		at := t.stackOf(thrown.Value())
		if len(at) == 0 {
			at = t.places(thrown.Stack())
		}
		t.fault(testclient.VerdictPanic, who+" threw "+describe(thrown.Value()), at)
	default:
		t.fault(testclient.VerdictPanic, who+": "+err.Error(), nil)
	}
}

// theScript is who did what the test has not asked for.
const theScript = "the page's script"

// unhandled reports a promise that was rejected, and nobody minded.
func (t *tab) unhandled(p *sobek.Promise) {
	t.fault(testclient.VerdictPanic, theScript+" has an unhandled promise rejection: "+describe(p.Result()), t.stackOf(p.Result()))
}

// syntaxError reports a script that cannot be read.
func (t *tab) syntaxError(err error) {
	f := testclient.Place{File: t.path()}
	message := err.Error()
	if m := syntaxPlace.FindStringSubmatch(message); m != nil {
		f.Line, _ = strconv.Atoi(m[1] + m[4]) // one of them is empty
		message = theScript + " cannot be read: SyntaxError: " + m[2] + m[3]
	}
	if beyond.MatchString(err.Error()) {
		message += "\nIf this is for await or an async generator: browsers know them, the engine of this test does not."
	}
	t.fault(testclient.VerdictPanic, message, []testclient.Place{f})
}

// beyond recognises what the engine says about newer syntax.
var beyond = regexp.MustCompile(`Async generators|Unexpected token (?:await|\*)`)

var syntaxPlace = regexp.MustCompile(`^SyntaxError: \S+: Line (\d+):\d+ (.*?)(?: \(and \d+ more errors\))?$|^SyntaxError: (.*) at \S+?:(\d+):\d+$`)

// fault fails the test and ends the page: what follows from it is no second fault.
func (t *tab) fault(verdict, message string, at []testclient.Place) {
	if len(at) > 0 {
		message += fmt.Sprintf("\nat %s:%d", filepath.Base(at[0].File), at[0].Line)
		if at[0].Func == "" {
			at[0].Func = t.around(at[0].Line)
		}
		if at[0].Func != "" {
			message += ", in " + at[0].Func
		}
		message += t.line(at[0].Line)
	}
	program.Blame(t.w, program.Fault{Verdict: verdict, Message: message, Who: t.link.Name(), At: at})
	t.loop.stop()
}

// line is a line of the script for the end of a message.
func (t *tab) line(n int) string {
	lines := strings.Split(t.text, "\n")
	if n < 1 || n > len(lines) || strings.TrimSpace(lines[n-1]) == "" {
		return ""
	}
	return ":\n    " + strings.TrimSpace(lines[n-1])
}

var (
	methodLine  = regexp.MustCompile(`^\s*(?:async\s+)?(?:function\s+)?(\w+)\s*\([^()]*\)\s*\{\s*$|^\s*(?:const|let|var)\s+(\w+)\s*=.*=>`)
	controlWord = regexp.MustCompile(`^(?:if|for|while|switch|catch|with)$`)
)

// around names the function around a line in an arrow function, which has no name: the nearest
// one above that is indented less.
func (t *tab) around(n int) string {
	lines := strings.Split(t.text, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	indent := indented(lines[n-1])
	for i := n - 2; i >= 0 && indent > 0; i-- {
		if strings.TrimSpace(lines[i]) == "" || indented(lines[i]) >= indent {
			continue
		}
		indent = indented(lines[i])
		if m := methodLine.FindStringSubmatch(lines[i]); m != nil && !controlWord.MatchString(m[1]) {
			return m[1] + m[2] // one of them is empty
		}
	}
	return ""
}

func indented(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// ofNothing is the engine's message; browsers say which of the two it is, the engine does not.
var ofNothing = regexp.MustCompile(`Cannot read property '(.*)' of undefined(?: or null)?`)

// describe writes what was thrown: "TypeError: x is not a function", or a value.
func describe(v sobek.Value) string {
	if v == nil {
		return "undefined"
	}
	if s, ok := v.Export().(string); ok {
		return strconv.Quote(s)
	}
	return ofNothing.ReplaceAllString(v.String(), "Cannot read properties of null or undefined (reading '$1')")
}

var traceLine = regexp.MustCompile(`^\s*at (?:(.+) \()?(\S+?):(\d+):\d+\(\d+\)\)?$`)

// stackOf reads the places from an error's stack.
func (t *tab) stackOf(v sobek.Value) []testclient.Place {
	o, ok := v.(*sobek.Object)
	if !ok {
		return nil
	}
	stack := o.Get("stack")
	if stack == nil {
		return nil
	}
	var at []testclient.Place
	for line := range strings.Lines(stack.String()) {
		if m := traceLine.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil {
			n, _ := strconv.Atoi(m[3])
			at = t.append(at, m[1], m[2], n)
		}
	}
	return at
}

// places are those frames of a stack that are in the page's script.
func (t *tab) places(stack []sobek.StackFrame) []testclient.Place {
	var at []testclient.Place
	for _, f := range stack {
		at = t.append(at, f.FuncName(), f.SrcName(), f.Position().Line)
	}
	return at
}

func (t *tab) append(at []testclient.Place, function, file string, line int) []testclient.Place {
	if file = "web/" + file; file != t.file && !slices.Contains(t.loaded, file) {
		return at
	}
	return append(at, testclient.Place{Func: strings.TrimPrefix(function, "<anonymous>"), File: onDisk(file), Line: line})
}

// path is where the first script is on disk.
func (t *tab) path() string { return onDisk(t.file) }

// onDisk is where a script is on disk: a test runs in its package's folder.
func onDisk(file string) string {
	if dir, err := os.Getwd(); err == nil {
		return filepath.Join(dir, filepath.FromSlash(file))
	}
	return file
}

// track keeps promises that are rejected without a handler, until the end of the task.
func (t *tab) track(p *sobek.Promise, op sobek.PromiseRejectionOperation) {
	l := t.loop
	if op == sobek.PromiseRejectionReject {
		l.lost = append(l.lost, p)
		return
	}
	for i, have := range l.lost {
		if have == p {
			l.lost = append(l.lost[:i], l.lost[i+1:]...)
			return
		}
	}
}

// rejections reports what is lost for good.
func (l *loop) rejections() {
	if len(l.lost) > 0 {
		l.t.unhandled(l.lost[0])
	}
	l.lost = nil
}
