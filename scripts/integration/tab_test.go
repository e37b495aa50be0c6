//go:build integration

package integration

import (
	"context"
	"fmt"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a page may take to show something. Pages answer in milliseconds; a busy machine may not.
const patience = 10 * time.Second

// tab is one tab of the browser with a step's page in it. Its methods fail the test.
type tab struct {
	t        *testing.T
	ctx      context.Context
	name     string
	patience time.Duration
}

// entry is a line of the page's log.
type entry struct{ Kind, Who, Text string }

func (e entry) String() string { return fmt.Sprintf("[%s] %s %q", e.Kind, e.Who, e.Text) }

// open opens a page in a new tab, and waits until it hears the keyboard.
func open(t *testing.T, browser context.Context, name, url string) *tab {
	t.Helper()
	p := openTab(t, browser, name, url)
	if !eval[bool](p, `document.querySelector("#state") !== null`) {
		t.Fatalf("%s: GET %s is not the page of the step: %q", name, url, p.text("body"))
	}
	// autofocus acts with the first painting, not with the load: keys pressed before are lost.
	p.wait(func() string {
		return eval[string](p, `document.activeElement === document.body ? "nothing has the focus" : ""`)
	})
	return p
}

// openTab opens any page in a new tab.
func openTab(t *testing.T, browser context.Context, name, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	watched := watchConsole(t, chromedp.Console(ctx), name)
	t.Cleanup(func() {
		cancel()
		<-watched
	})
	p := &tab{t: t, ctx: ctx, name: name, patience: patience}
	p.run("open "+url, chromedp.Navigate(url))
	return p
}

// watchConsole fails the test for each exception that the page's scripts do not catch.
func watchConsole(t *testing.T, messages iter.Seq2[chromedp.ConsoleMessage, error], name string) (ended <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return // the tab is closed
			}
			if m.IsException() {
				t.Errorf("%s: the page's script threw: %s (%s:%d)", name, m.Text, m.URL, m.Line+1)
			}
		}
	}()
	return done
}

// within is the same tab with another patience.
func (p *tab) within(d time.Duration) *tab {
	other := *p
	other.patience = d
	return &other
}

func (p *tab) run(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	get(p, what, chromedp.Steps(actions...))
}

// get runs one action that has a result.
func get[T any](p *tab, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
	return result
}

// eval is the value of a JavaScript expression in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	return get(p, "evaluate "+expression, chromedp.Evaluate[T](expression))
}

// press presses keys, as a person would: whatever has the focus gets them.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.run(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys))
}

// say writes a message, all of it at once, and presses Enter.
func (p *tab) say(words string) {
	p.t.Helper()
	p.run(fmt.Sprintf("say %q", words), write(words), chromedp.KeyEvent(kb.Enter))
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.run("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// fill replaces what a field holds.
func (p *tab) fill(selector, value string) {
	p.t.Helper()
	eval[chromedp.Void](p, fmt.Sprintf(`document.querySelector(%q).select()`, selector)) // focuses it, too
	p.press(value)
}

// text is what an element shows.
func (p *tab) text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(eval[string](p, fmt.Sprintf(`document.querySelector(%q).innerText`, selector)))
}

// wait returns as soon as ok does not complain any more; what it complains of last is the failure.
func (p *tab) wait(ok func() (complaint string)) {
	p.t.Helper()
	deadline := time.Now().Add(p.patience)
	for {
		complaint := ok()
		if complaint == "" {
			return
		}
		if time.Now().After(deadline) {
			p.shoot(strings.ReplaceAll(p.t.Name(), "/", "-") + "-failed-" + p.name)
			p.t.Fatalf("%s: after %v, %s\nits log:\n%s", p.name, p.patience, complaint, p.logText())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// expectState waits until the page says how the connection is, in these words.
func (p *tab) expectState(words string) {
	p.t.Helper()
	p.wait(func() string {
		if got := p.text("#state"); !strings.Contains(got, words) {
			return fmt.Sprintf("the page says %q, want %q", got, words)
		}
		return ""
	})
}

// expect waits for a line of the log.
func (p *tab) expect(kind, who, text string) {
	p.t.Helper()
	want := entry{kind, who, text}
	p.wait(func() string {
		for _, got := range p.log() {
			if got == want {
				return ""
			}
		}
		return fmt.Sprintf("the log lacks %v", want)
	})
}

// lacks fails if a line of the log has this text. Ask only after something that came later was seen.
func (p *tab) lacks(text string) {
	p.t.Helper()
	for _, got := range p.log() {
		if strings.Contains(got.Text, text) {
			p.t.Errorf("%s: the log has %v, which is not for this tab", p.name, got)
		}
	}
}

func (p *tab) log() []entry {
	p.t.Helper()
	return eval[[]entry](p, `Array.from(document.querySelectorAll("#log .entry"), (e) => ({
		Kind: e.className.replace("entry ", ""),
		Who: e.querySelector(".who")?.textContent ?? "",
		Text: e.querySelector(".text").textContent,
	}))`)
}

func (p *tab) logText() string {
	var b strings.Builder
	for _, e := range p.log() {
		fmt.Fprintln(&b, "  ", e)
	}
	return b.String()
}

// shoot leaves a screenshot as it is now.
func (p *tab) shoot(name string) {
	p.t.Helper()
	p.run("bring to front", bringToFront()) // a hidden tab does not paint
	png := get(p, "screenshot", chromedp.CaptureScreenshot())
	dir := root(p.t).Path(".workshop", "screenshots")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+name+".png", png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
