//go:build integration

package integration

import (
	"fmt"

	"github.com/chromedp/chromedp"
)

// A page's own clock and timers, in the hands of a test: a busy machine is not too slow for it then.

// stopClock makes it always 1970 in the tab, so that a time of its own shows.
func (p *tab) stopClock() {
	p.t.Helper()
	eval[chromedp.Void](p, `Date = class extends Date { constructor(...given) { given.length ? super(...given) : super(0); } }; undefined`)
}

// holdClock makes what a page measures stand still: a wait goes on for as long as the test needs.
// After letClockRun the clock goes on from there, so that the wait is as long as the server asked for.
func (p *tab) holdClock() {
	p.t.Helper()
	eval[chromedp.Void](p, `(() => {
		const now = performance.now.bind(performance);
		const held = now();
		performance.now = () => held;
		globalThis.letClockRun = () => {
			const since = now();
			performance.now = () => held + now() - since;
		};
	})()`)
}

func (p *tab) letClockRun() {
	p.t.Helper()
	eval[chromedp.Void](p, `letClockRun()`)
}

// holdTimers holds back whatever the page puts off with setTimeout from now on.
func (p *tab) holdTimers() {
	p.t.Helper()
	eval[chromedp.Void](p, `(() => {
		const held = new Map();
		const { clearTimeout: clearEarlier } = globalThis;
		let last = 1e9; // greater than the ids of earlier timers
		globalThis.setTimeout = (callback) => (held.set(++last, callback), last);
		globalThis.clearTimeout = (id) => held.delete(id) || clearEarlier(id);
		globalThis.runTimers = () => {
			const due = [...held.values()];
			held.clear();
			for (const callback of due) callback();
		};
	})()`)
}

// runTimers does at once what has been held back until now.
func (p *tab) runTimers() {
	p.t.Helper()
	eval[chromedp.Void](p, `runTimers()`)
}

// hurry makes what the page puts off for so many milliseconds come sooner.
func (p *tab) hurry(from, to int) {
	p.t.Helper()
	eval[chromedp.Void](p, fmt.Sprintf(`(() => {
		const { setTimeout: set } = globalThis;
		globalThis.setTimeout = (callback, delay) => set(callback, delay === %d ? %d : delay);
	})()`, from, to))
}
