//go:build unix && !linux

package proc

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

func adoptOrphans() {}

// leftBehind lists the living members of the dead leader's group.
func leftBehind(leader int, _ string) []Stray {
	if syscall.Kill(-leader, 0) != nil {
		return nil
	}
	out, _ := exec.Command("ps", "-A", "-o", "pid=,pgid=,stat=,command=").Output()
	var strays []Stray
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 4 || f[1] != strconv.Itoa(leader) || strings.HasPrefix(f[2], "Z") {
			continue
		}
		if pid, err := strconv.Atoi(f[0]); err == nil {
			strays = append(strays, Stray{PID: pid, Command: strings.Join(f[3:], " ")})
		}
	}
	return strays
}

func reap(int) {}
