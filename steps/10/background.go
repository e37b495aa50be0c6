package chat

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// background is the work that runs beside the server, each task in a goroutine of its own.
type background struct {
	tasks  *errgroup.Group
	failed context.Context // ends when a task has failed
	end    context.CancelFunc

	mu     sync.Mutex
	errors []error // of all tasks that have failed
}

// startBackground starts the tasks. They run until stop.
func startBackground(tasks []func(context.Context) error) *background {
	// TODO(10.2): The first error of a task ends b.failed, and no other task.
	return &background{failed: context.Background()} // placeholder: nothing runs
}

func (b *background) note(err error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = append(b.errors, err)
	return err
}

// stop ends the tasks and waits for them, until limit ends, and for leastTime at least. It returns what has
// failed.
func (b *background) stop(limit context.Context) error {
	// TODO(10.2): A task may not end in time.
	_ = limit
	return nil // placeholder: somebody should end the tasks, and wait
}

// leastTime is what background work has to end, however long the clients took.
const leastTime = time.Second
