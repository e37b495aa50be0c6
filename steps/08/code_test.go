package chat_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"wsworkshop/steps/08/wire"
)

// Task 8.1 (10 points): A close code knows whether it may be sent, and what follows it.
//
// Rules: 8.a.
func TestWhichCodesMayBeSent(t *testing.T) {
	reserved := map[wire.CloseCode]bool{1004: true, 1005: true, 1006: true}
	for code := wire.CloseCode(-1); code < 70000; code++ {
		want := code >= 1000 && code <= 1014 && !reserved[code] || code >= 3000 && code <= 4999
		if got := code.MaySend(); got != want {
			t.Fatalf("CloseCode(%d).MaySend() is %v, want %v", int(code), got, want)
		}
	}
}

// advice is the table of LEARNING_PLAN.md, "Close codes".
var advice = map[wire.CloseCode]wire.Advice{
	1000: wire.Stop,
	1001: wire.ResumeAfterBackoff,
	1002: wire.Stop,
	1003: wire.ResumeAfterBackoff,
	1005: wire.ResumeAfterBackoff,
	1006: wire.ResumeAfterBackoff,
	1007: wire.ResumeAfterBackoff,
	1008: wire.Stop,
	1009: wire.ResumeAfterBackoff,
	1010: wire.Stop,
	1011: wire.ResumeAfterBackoff,
	1012: wire.ResumeAfterBackoff,
	1013: wire.ResumeAfterBackoff,
	1014: wire.ResumeAfterBackoff,
	1015: wire.Stop,
	3000: wire.ResumeAfterBackoff, // of 1016 to 3999 the table has none
	3999: wire.ResumeAfterBackoff,
	4000: wire.Stop,
	4001: wire.Stop,
	4099: wire.Stop,
	4100: wire.NewSession,
	4199: wire.NewSession,
	4200: wire.ResumeAfterBackoff,
	4299: wire.ResumeAfterBackoff,
	4300: wire.ResumeAtOnce,
	4399: wire.ResumeAtOnce,
	4400: wire.Stop,
	4999: wire.Stop,
}

// Task 8.1: A close code tells clients what to do next.
//
// Rules: 8.b.
func TestAdviceOfACode(t *testing.T) {
	for code, want := range advice {
		if got := code.Advice(); got != want {
			t.Errorf("CloseCode(%d).Advice() is %q, want %q", int(code), got, want)
		}
	}
}

// Task 8.1: The text of a close code is its number and its name.
//
// Rules: 8.ad.
func TestTextOfACode(t *testing.T) {
	for code, want := range map[wire.CloseCode]string{
		wire.CloseGoingAway: "1001 going away",
		wire.CloseTakenOver: "4001 taken over",
		4567:                "4567",
	} {
		if got := code.String(); got != want {
			t.Errorf("CloseCode(%d).String() is %q, want %q", int(code), got, want)
		}
	}
}

// Task 8.2 (10 points): A reason fits into a close frame.
//
// Rules: 8.c.
func TestReasonFits(t *testing.T) {
	for _, c := range []struct{ what, text, want string }{
		{"an empty reason", "", ""},
		{"a short reason", "bye", "bye"},
		{"123 bytes", long(123), long(123)},
		{"124 bytes", long(124), long(123)},
		{"a thousand bytes", long(1000), long(123)},
		{"a character of two bytes across the limit", long(122) + "é!", long(122)},
		{"a character of two bytes before the limit", long(121) + "é!", long(121) + "é"},
		{"a character of three bytes across the limit", long(121) + "€!", long(121)},
		{"a character of four bytes across the limit", long(120) + "🙂!", long(120)},
		{"a character of four bytes before the limit", long(119) + "🙂!", long(119) + "🙂"},
		{"a replacement character, which is a character like any other", "\uFFFD!", "\uFFFD!"},
	} {
		if got := wire.CutReason(c.text); got != c.want {
			t.Errorf("CutReason of %s returns %d bytes that end in %q, want %d that end in %q",
				c.what, len(got), tail(got), len(c.want), tail(c.want))
		}
	}
	for _, text := range []string{"\xff", long(122) + "\xe2\x82", strings.Repeat("\xf0\x9f", 100), "ab\xc3" + long(200)} {
		got := wire.CutReason(text)
		if !utf8.ValidString(got) || len(got) > 123 {
			t.Errorf("CutReason of a text that is not UTF-8 returns %q with %d bytes: want at most 123, and UTF-8", tail(got), len(got))
		}
	}
}

// tail is the end of a text, which is where it was cut.
func tail(text string) string { return fmt.Sprintf("…%s", text[max(0, len(text)-6):]) }
