//go:build unix

package proc

import (
	"os/exec"
	"syscall"
)

// group is the process group that a program leads.
type group struct{}

func (group) prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

func (group) started(*exec.Cmd) {}

func (group) quit(cmd *exec.Cmd) { cmd.Process.Signal(syscall.SIGQUIT) }

func (group) kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// sweep kills what the program left behind, again and again while killing it brings up more.
func (group) sweep(cmd *exec.Cmd, mark string) []Stray {
	var strays []Stray
	seen := map[int]bool{}
	for range 10 {
		found := leftBehind(cmd.Process.Pid, mark)
		if len(found) == 0 {
			break
		}
		for _, s := range found {
			if !seen[s.PID] {
				seen[s.PID] = true
				strays = append(strays, s)
			}
			syscall.Kill(s.PID, syscall.SIGKILL)
			reap(s.PID)
		}
	}
	return strays
}
