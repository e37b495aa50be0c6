package proc

import (
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is the job object that a program and all its children belong to; closing it ends them.
type group struct{ job windows.Handle }

func adoptOrphans() {}

func (g *group) prepare(*exec.Cmd) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return
	}
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	g.job = job
}

func (g *group) started(cmd *exec.Cmd) {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(cmd.Process.Pid))
	if err != nil {
		return
	}
	defer windows.CloseHandle(process)
	windows.AssignProcessToJobObject(g.job, process)
}

func (g *group) quit(*exec.Cmd) {}

func (g *group) kill(cmd *exec.Cmd) {
	if windows.TerminateJobObject(g.job, 1) != nil {
		cmd.Process.Kill()
	}
}

// accounting is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
type accounting struct {
	times                                      [4]int64
	pageFaults, total, active, totalTerminated uint32
}

// sweep ends the job; whatever still ran in it is one stray without a name.
func (g *group) sweep(*exec.Cmd, string) []Stray {
	defer windows.CloseHandle(g.job)
	var info accounting
	err := windows.QueryInformationJobObject(g.job, windows.JobObjectBasicAccountingInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)), nil)
	if err != nil || info.active == 0 {
		return nil
	}
	windows.TerminateJobObject(g.job, 1)
	return []Stray{{Command: "a process that it started"}}
}
