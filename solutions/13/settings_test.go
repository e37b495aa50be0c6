package chat_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/solutions/13/settings"

	"wsworkshop/pkg/testclient"
)

// program is the flags of a program.
type program struct {
	*flag.FlagSet
	size  *int
	wait  *time.Duration
	key   *string
	store *string
}

func newProgram() *program {
	flags := flag.NewFlagSet("program", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return &program{
		FlagSet: flags,
		size:    flags.Int("max-size", 10, ""),
		wait:    flags.Duration("wait", time.Second, ""),
		key:     flags.String("key", "", ""),
		store:   flags.String("store", "", ""),
	}
}

// Task 13.12 (4 points): Settings come from the arguments, then from the environment.
//
// Rules: 13.aq.
func TestSettings(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		t.Setenv("CHAT_MAX_SIZE", "20")
		t.Setenv("CHAT_WAIT", "7s")
		t.Setenv("CHAT_KEY", "")
		t.Setenv("MAX_SIZE", "30")
		p := newProgram()
		require.NoError(w, settings.Parse(p.FlagSet, []string{"-wait", "9s"}), "Parse")
		if *p.size != 20 {
			w.Fatalf("CHAT_MAX_SIZE is 20, no argument says -max-size, and it is %d", *p.size)
		}
		if *p.wait != 9*time.Second {
			w.Fatalf("CHAT_WAIT is 7s, an argument says -wait 9s, and it is %v: the argument counts more", *p.wait)
		}
		t.Setenv("CHAT_MAX_SIZE", "20")
		p = newProgram()
		require.NoError(w, settings.Parse(p.FlagSet, []string{"-max-size", "10"}), "Parse")
		if *p.size != 10 {
			w.Fatalf("CHAT_MAX_SIZE is 20, an argument says -max-size 10, which is the default, and it is %d", *p.size)
		}
		t.Setenv("CHAT_WAIT", "")
		p = newProgram()
		require.NoError(w, settings.Parse(p.FlagSet, nil), "Parse")
		if *p.wait != time.Second {
			w.Fatalf("CHAT_WAIT is empty, its default is 1s, and it is %v", *p.wait)
		}
	})
}

// Task 13.12: What is wrong is named.
//
// Rules: 13.ar.
func TestSettingsThatAreWrong(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		t.Setenv("CHAT_MAX_SIZE", "many")
		if err := settings.Parse(newProgram().FlagSet, nil); err == nil || !strings.Contains(err.Error(), "CHAT_MAX_SIZE") {
			w.Fatalf("CHAT_MAX_SIZE is %q, and Parse = %v, want an error that names it", "many", err)
		}
		if err := settings.Parse(newProgram().FlagSet, []string{"-max-size", "5"}); err != nil {
			w.Fatalf("CHAT_MAX_SIZE is %q, an argument says -max-size 5, and Parse = %v, want nil", "many", err)
		}
		t.Setenv("CHAT_MAX_SIZE", "")
		if err := settings.Parse(newProgram().FlagSet, []string{"-no-such-flag"}); err == nil || !strings.Contains(err.Error(), "no-such-flag") {
			w.Fatalf("Parse of -no-such-flag = %v, want an error that names it", err)
		}
		if err := settings.Parse(newProgram().FlagSet, []string{"-help"}); !errors.Is(err, flag.ErrHelp) {
			w.Fatalf("Parse of -help = %v, want flag.ErrHelp", err)
		}
	})
}

// Task 13.12: What is printed has all settings, and no secret.
//
// Rules: 13.as.
func TestSettingsAreShown(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		p := newProgram()
		require.NoError(w, settings.Parse(p.FlagSet, []string{"-key", "hunter2", "-store", "redis://chat:swordfish@192.0.2.5:6379/0", "-max-size=5"}), "Parse")
		var out bytes.Buffer
		settings.Print(&out, p.FlagSet, "key")
		for _, secret := range []string{"hunter2", "swordfish"} {
			if strings.Contains(out.String(), secret) {
				w.Fatalf("Print has written the secret %s:\n%s", secret, out.String())
			}
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 4 {
			w.Fatalf("Print has written %d lines, want one for each of four flags:\n%s", len(lines), out.String())
		}
		for i, want := range []string{"-key=", "-max-size=5", "-store=redis://chat:", "-wait=1s"} {
			if !strings.HasPrefix(lines[i], want) {
				w.Fatalf("Print has written %q in line %d, want what begins with %s:\n%s", lines[i], i+1, want, out.String())
			}
		}
		if lines[0] == "-key=" {
			w.Fatalf("Print has written %q: a secret that is set should not look as if it were not", lines[0])
		}
		if !strings.Contains(lines[2], "192.0.2.5:6379/0") {
			w.Fatalf("Print has written %q: all but the password may be seen", lines[2])
		}

		p = newProgram()
		require.NoError(w, settings.Parse(p.FlagSet, nil), "Parse")
		out.Reset()
		settings.Print(&out, p.FlagSet, "key")
		if first, _, _ := strings.Cut(out.String(), "\n"); first != "-key=" {
			w.Fatalf("Print has written %q for a secret that is not set, want -key=", first)
		}
	})
}

// Task 13.12: No password is shown, however it is written.
//
// Rules: 13.as.
func TestPasswordsAreNotShown(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		for _, c := range []struct{ value, shown string }{
			{"postgres://u:sword^fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword#fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword%fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword/fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword@fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword:fish@db.test/chat", "db.test/chat"},
			{"postgres://u:sword,fish@db.test/chat", "db.test/chat"},
			{"redis://:sword-fish@db.test:6379", "db.test:6379"},
			{"redis://chat.test,redis://:sword-fish@db.test", "db.test"},
			{"redis://:sword@chat.test,redis://:fish@db.test", "chat.test"},
		} {
			p := newProgram()
			require.NoError(w, settings.Parse(p.FlagSet, []string{"-store", c.value}), "Parse")
			var out bytes.Buffer
			settings.Print(&out, p.FlagSet)
			if strings.Contains(out.String(), "sword") || strings.Contains(out.String(), "fish") {
				w.Fatalf("-store is %q, and Print has written its password:\n%s", c.value, out.String())
			}
			if !strings.Contains(out.String(), c.shown) {
				w.Fatalf("-store is %q, and Print does not show %s:\n%s", c.value, c.shown, out.String())
			}
		}
		for _, value := range []string{"https://chat.test:8443/x?y=1", "a@b.test", "https://chat.test,https://www.chat.test:8443", "10:30", ""} {
			p := newProgram()
			require.NoError(w, settings.Parse(p.FlagSet, []string{"-store", value}), "Parse")
			var out bytes.Buffer
			settings.Print(&out, p.FlagSet)
			if !strings.Contains(out.String(), "-store="+value+"\n") {
				w.Fatalf("-store is %q, which has no password in it, and Print has written\n%s", value, out.String())
			}
		}
	})
}
