package proc

import (
	"os/exec"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is the job object that a program and all its children belong to; closing it ends them.
type group struct{ job windows.Handle }

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

// end closes the job, which kills what the program left behind in it.
func (g *group) end(*exec.Cmd) { windows.CloseHandle(g.job) }
