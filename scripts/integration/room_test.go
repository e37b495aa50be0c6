//go:build integration

package integration

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// What the pages of rooms have in common, from step 03 on.

// join opens a page in a new tab and joins a room there.
func join(t *testing.T, browser context.Context, name, room, page string) *tab {
	t.Helper()
	p := open(t, browser, name, page+"?"+url.Values{"client_id": {name}, "room_id": {room}}.Encode())
	p.click("#toggle")
	p.expectJoined(room)
	return p
}

// expectJoined waits until the tab is in a room under its own name, and may write.
func (p *tab) expectJoined(room string) {
	p.t.Helper()
	p.expectState("In " + room + " as " + p.name)
}

// expectMembers waits until the page lists these members.
func (p *tab) expectMembers(want string) {
	p.t.Helper()
	p.wait(func() string {
		got := eval[string](p, `Array.from(document.querySelectorAll("#members li"), (e) => (e.querySelector(".id") ?? e).textContent).join(" ")`)
		if got != want {
			return fmt.Sprintf("it lists the members %q, want %q", got, want)
		}
		return ""
	})
}

// expectProblem waits for an error in the log: what it is called, and the server's code for it.
func (p *tab) expectProblem(title, code string) {
	p.t.Helper()
	p.wait(func() string {
		if eval[bool](p, fmt.Sprintf(`Array.from(document.querySelectorAll("#log .problem"), (e) =>
			e.querySelector(".who")?.textContent === %q && e.querySelector("code")?.textContent === %q &&
			e.querySelector(".text").textContent !== "").includes(true)`, title, code)) {
			return ""
		}
		return fmt.Sprintf("the log lacks a problem %q with the code %s", title, code)
	})
}

// expectComposer waits until this is what would be sent.
func (p *tab) expectComposer(want string) {
	p.t.Helper()
	p.wait(func() string {
		if got := eval[string](p, `document.querySelector("#text").value`); got != want {
			return fmt.Sprintf("the composer holds %q, want %q", got, want)
		}
		return ""
	})
}

// expectUsage waits until the page says how a command is used; without words, until it does not.
func (p *tab) expectUsage(words string) {
	p.t.Helper()
	p.wait(func() string {
		if got := p.text("#usage"); !strings.Contains(got, words) || (got == "") != (words == "") {
			return fmt.Sprintf("it explains %q, want %q", got, words)
		}
		return ""
	})
}

// expectInOrder fails unless the log has these texts in this order, each as often as it is given.
func (p *tab) expectInOrder(texts ...string) {
	p.t.Helper()
	var got []string
	for _, e := range p.log() {
		if slices.Contains(texts, e.Text) {
			got = append(got, e.Text)
		}
	}
	if !slices.Equal(got, texts) {
		p.t.Errorf("%s: the log has %q, want %q, and nothing twice\nits log:\n%s", p.name, got, texts, p.logText())
	}
}

// shownTime is the time that the log shows beside a text, of which it has one.
func (p *tab) shownTime(text string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf(`Array.from(document.querySelectorAll("#log .entry"))
		.find((e) => e.querySelector(".text").textContent === %q).querySelector("time").dateTime`, text))
}
