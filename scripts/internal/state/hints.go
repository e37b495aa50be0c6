package state

import (
	"time"

	"wsworkshop/scripts/internal/workspace"
)

// hints is how many hints of each task have been shown.
type hints struct {
	Shown map[string]int `json:"shown"`
}

// NextHint counts one more hint of the task as shown and returns its number, from 1 to
// total; after the last it begins again with the first.
func NextHint(root workspace.Root, task string, total int) (number int, warning string, err error) {
	file := root.Path(".workshop", "hints.json")
	h := hints{}
	warning, err = read(file, &h, time.Now())
	if err != nil {
		return 0, warning, err
	}
	if warning != "" || h.Shown == nil {
		h.Shown = map[string]int{}
	}
	number = h.Shown[task]%total + 1
	if number < 1 {
		number = 1
	}
	h.Shown[task] = number
	return number, warning, write(file, h)
}
