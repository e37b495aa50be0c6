//go:build integration

package integration

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// looks are the ways in which people see a page.
var looks = []struct {
	name          string
	scheme        string
	width, height int64
}{
	{"light", "light", 1000, 700},
	{"dark", "dark", 1000, 700},
	{"phone-light", "light", 390, 780},
	{"phone-dark", "dark", 390, 780},
}

// look takes a screenshot in each of the looks, and checks what a machine can check of them.
func (p *tab) look(name string) {
	p.t.Helper()
	p.checkLabels()
	for _, l := range looks {
		p.run("look "+l.name, chromedp.EmulateViewport(l.width, l.height), scheme(l.scheme))
		p.shoot(name + "-" + l.name)
		if eval[bool](p, `document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight`) {
			p.t.Errorf("%s: the page does not fit into %d × %d", p.name, l.width, l.height)
		}
	}
	p.run("look as before", chromedp.ResetViewport(), scheme(""))
}

// checkLabels fails for a control that a screen reader could not name.
func (p *tab) checkLabels() {
	p.t.Helper()
	nameless := eval[[]string](p, `Array.from(document.querySelectorAll("input, button, [tabindex]"))
		.filter((e) => !(e.labels?.length || e.ariaLabel || e.textContent.trim()))
		.map((e) => e.outerHTML)`)
	for _, html := range nameless {
		p.t.Errorf("%s: no label: %s", p.name, html)
	}
}

func scheme(value string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
	})
}

func bringToFront() chromedp.Action[chromedp.Void] { return command(page.BringToFront, cdp.Empty{}) }

// write puts words into whatever has the focus, as a paste does: a key at a time takes long on a busy machine.
func write(words string) chromedp.Action[chromedp.Void] {
	return command(input.InsertText, input.InsertTextParams{Text: words})
}

// command makes an action of a command of the browser's protocol, without its result.
func command[P, R any](cmd cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cmd, params)
		return err
	})
}
