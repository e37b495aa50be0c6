package chat

import (
	"context"
	"errors"
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
	// task 10.2: The first error of a task ends b.failed, and no other task.
	ctx, end := context.WithCancel(context.Background())
	b := &background{end: end}
	b.tasks, b.failed = errgroup.WithContext(context.Background())
	for _, task := range tasks {
		b.tasks.Go(func() error {
			err := safely(func() error { return task(ctx) })
			if err == nil || ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil
			}
			return b.note(err)
		})
	}
	return b
	// end task 10.2
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
	// task 10.2: A task may not end in time.
	b.end()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = b.tasks.Wait() // b.errors has all
	}()
	least := time.After(leastTime)
	select {
	case <-ended:
	case <-limit.Done():
		select {
		case <-ended:
		case <-least:
			_ = b.note(errors.New("background work has not ended in time"))
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(b.errors...)
	// end task 10.2
}

// leastTime is what background work has to end, however long the clients took.
const leastTime = time.Second
