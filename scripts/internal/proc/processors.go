package proc

import "time"

// Processors is what a program has had of the machine so far: how long its threads ran, and
// how long they waited for a processor that others had. Both are zero where that is unknown.
type Processors struct{ Had, Wanted time.Duration }

// Processors asks what the program has had until now.
func (p *Process) Processors() Processors { return processors(p.cmd.Process.Pid) }
