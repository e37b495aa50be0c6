package chat

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

// background is the work that runs beside the server, each task in a goroutine of its own.
type background struct {
	tasks  *errgroup.Group
	failed context.Context // ends when a task has failed
	end    context.CancelFunc
}

// startBackground starts the tasks. They run until stop.
func startBackground(tasks []func(context.Context) error) *background {
	// task 10.2: The first error of a task ends b.failed, and no other task.
	ctx, end := context.WithCancel(context.Background())
	b := &background{end: end}
	b.tasks, b.failed = errgroup.WithContext(context.Background())
	for _, task := range tasks {
		b.tasks.Go(func() error {
			err := safely(func() error { return task(ctx) })
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		})
	}
	return b
	// end task 10.2
}

// stop ends the tasks and waits for them, until limit ends, and for leastTime at least. It returns the
// first error of a task.
func (b *background) stop(limit context.Context) error {
	// task 10.2: A task may not end in time.
	b.end()
	ended := make(chan error, 1)
	go func() { ended <- b.tasks.Wait() }()
	least := time.After(leastTime)
	select {
	case err := <-ended:
		return err
	case <-limit.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-least:
		return errors.Join(context.Cause(b.failed), errors.New("background work has not ended in time"))
	}
	// end task 10.2
}

// leastTime is what background work has to end, however long the clients took.
const leastTime = time.Second
