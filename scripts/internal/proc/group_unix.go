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

// end kills what the program left behind in its group.
func (g group) end(cmd *exec.Cmd) { g.kill(cmd) }
