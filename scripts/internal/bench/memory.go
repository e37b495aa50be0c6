package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"time"
)

var (
	residentRE  = regexp.MustCompile(`(?m)^VmRSS:\s+(\d+) kB$`)
	openFilesRE = regexp.MustCompile(`(?m)^Max open files\s+\S+\s+(\d+)`)
)

// enough makes sure that n connections can be opened and measured on this machine.
func enough(n int) error {
	const most, others = 20000, 100
	if runtime.GOOS != "linux" {
		return errors.New("this reads the memory of a process from /proc, which only Linux has")
	}
	if n < 1 || n > most {
		return fmt.Errorf("%d connections cannot be measured: say N=1 to N=%d", n, most)
	}
	// The hard limit counts: the runtime of Go raises the soft one by itself.
	hard, err := number("/proc/self/limits", openFilesRE)
	if err == nil && hard < n+others { // an error means "unlimited"
		return fmt.Errorf("%d connections need %d open files, and this machine allows %d.\n"+
			"Raise the limit as root with ulimit -n %d, or say N=%d", n, n+others, hard, n+others, max(1, hard-others))
	}
	return nil
}

// settled returns the resident memory of a process in KiB, as soon as it has not changed by more
// than one percent for five seconds, and after half a minute at the latest.
func settled(ctx context.Context, pid int) (int, error) {
	const pause = 250 * time.Millisecond
	var base, now int
	for i, calm := 0, 0; i < 120 && calm < 20; i++ {
		time.Sleep(pause)
		var err error
		if now, err = number(fmt.Sprintf("/proc/%d/status", pid), residentRE); err != nil || ctx.Err() != nil {
			return 0, fmt.Errorf("the server has ended: %w", errors.Join(err, ctx.Err()))
		}
		calm++
		if max(now-base, base-now) > base/100 {
			base, calm = now, 0
		}
	}
	return now, nil
}

// number returns the number that re finds in a file.
func number(file string, re *regexp.Regexp) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	m := re.FindSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%s has no %s", file, re)
	}
	return strconv.Atoi(string(m[1]))
}
