package proc

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// processors adds up what the kernel's scheduler knows of the threads.
func processors(pid int) (sum Processors) {
	tasks := "/proc/" + strconv.Itoa(pid) + "/task/"
	threads, err := os.ReadDir(tasks)
	if err != nil {
		return Processors{}
	}
	for _, thread := range threads {
		data, err := os.ReadFile(tasks + thread.Name() + "/schedstat")
		fields := strings.Fields(string(data)) // both in nanoseconds, then a count
		if err != nil || len(fields) < 2 {
			continue
		}
		had, _ := strconv.ParseInt(fields[0], 10, 64)
		wanted, _ := strconv.ParseInt(fields[1], 10, 64)
		sum.Had += time.Duration(had)
		sum.Wanted += time.Duration(wanted)
	}
	return sum
}
