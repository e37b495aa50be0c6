//go:build integration

package integration

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/chromedp/chromedp"
)

// howToGetChromium goes with a skip.
const howToGetChromium = "install Chromium or Chrome (on Debian: scripts/setup-integration), or name one in CHROMIUM"

// browser starts a Chromium with a fresh profile. It ends with the test, and its profile goes with it.
func browser(t *testing.T, ctx context.Context) context.Context {
	t.Helper()
	path := findChromium()
	if path == "" {
		missing(t, "Chromium", howToGetChromium)
	}
	output := new(tail)
	options := append(chromiumFlags(), chromedp.ExecPath(path), chromedp.CombinedOutput(output))
	allocator, release := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(release) // waits until the process has ended and the profile is removed
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v\n%s", path, err, output)
	}
	return ctx
}

// chromiumFlags keep the browser to the loopback interface, and hidden tabs as quick as shown ones.
// Without a sandbox it also runs in containers; the only pages that it opens are ours.
func chromiumFlags() []chromedp.ExecAllocatorOption {
	var options []chromedp.ExecAllocatorOption
	for _, name := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check",
		"disable-background-networking", "disable-component-update", "disable-sync", "disable-default-apps",
		"disable-dev-shm-usage", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows",
		"disable-renderer-backgrounding", "hide-scrollbars", "use-mock-keychain",
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	return append(options, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
}

// findChromium returns the path of a browser, or "".
func findChromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"}
	switch runtime.GOOS {
	case "darwin":
		names = append(names,
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
	case "windows":
		for _, folder := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
			names = append(names, os.Getenv(folder)+`\Google\Chrome\Application\chrome.exe`)
		}
		names = append(names, os.Getenv("ProgramFiles(x86)")+`\Microsoft\Edge\Application\msedge.exe`)
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
