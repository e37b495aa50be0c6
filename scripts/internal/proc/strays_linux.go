package proc

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// adoptOrphans makes this process the parent of whatever its children leave behind, so that
// a daemon that hides behind setsid and an empty environment is still found.
var adoptOrphans = sync.OnceFunc(func() {
	unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
})

// leftBehind lists the processes that belong to the dead leader: by its group, by the mark
// in their environment, or, while nothing else runs, as orphans that came to us. What is in
// our own group has been started by other means than this package, and is not meant.
func leftBehind(leader int, mark string) []Stray {
	starting.Lock()
	defer starting.Unlock()
	others := false
	alive.Range(func(any, any) bool { others = true; return false })
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var strays []Stray
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		s, ok := stat(pid)
		if !ok {
			continue
		}
		orphan := s.parent == os.Getpid() && s.group != syscall.Getpgrp() && !others && !isAlive(pid)
		switch {
		case s.state == 'Z':
			if orphan {
				reap(pid)
			}
		case s.group == leader || orphan || marked(pid, mark):
			strays = append(strays, Stray{PID: pid, Command: commandLine(pid)})
		}
	}
	return strays
}

func isAlive(pid int) bool { _, ok := alive.Load(pid); return ok }

type procStat struct {
	state         byte
	parent, group int
}

// stat reads /proc/PID/stat, whose fields begin after the last parenthesis.
func stat(pid int) (procStat, bool) {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	end := bytes.LastIndexByte(data, ')')
	if err != nil || end < 0 {
		return procStat{}, false
	}
	fields := strings.Fields(string(data[end+1:]))
	if len(fields) < 3 {
		return procStat{}, false
	}
	parent, _ := strconv.Atoi(fields[1])
	group, _ := strconv.Atoi(fields[2])
	return procStat{state: fields[0][0], parent: parent, group: group}, true
}

func marked(pid int, mark string) bool {
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	return err == nil && bytes.Contains(env, []byte(mark+"\x00"))
}

func commandLine(pid int) string {
	data, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
	return strings.TrimSpace(strings.ReplaceAll(string(data), "\x00", " "))
}

// reap waits a moment for a killed orphan, so that no zombie stays; it does not matter when
// the process is another's child.
func reap(pid int) {
	for range 100 {
		var status syscall.WaitStatus
		got, err := syscall.Wait4(pid, &status, syscall.WNOHANG, nil)
		if got == pid || err == syscall.ECHILD {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
