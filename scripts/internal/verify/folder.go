package verify

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
)

// newFolder makes a folder below parent for what one lab generates, some hundred megabytes.
// Those of labs that were killed before they could remove their own it removes.
func newFolder(parent string) (string, error) {
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if pid := owner(e.Name()); pid > 0 && !running(pid) {
			os.RemoveAll(filepath.Join(parent, e.Name()))
		}
	}
	return os.MkdirTemp(parent, fmt.Sprintf("run-%d-", os.Getpid()))
}

var folderRE = regexp.MustCompile(`^run-(\d+)-\d+$`)

// owner is the process that made a folder of that name, 0 if it is none of ours.
func owner(name string) int {
	m := folderRE.FindStringSubmatch(name)
	if m == nil {
		return 0
	}
	pid, _ := strconv.Atoi(m[1])
	return pid
}

// running reports whether there is a process of that number, perhaps another by now.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false // Windows looks for it right away
	}
	defer p.Release()
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}
