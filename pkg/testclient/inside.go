package testclient

import "wsworkshop/pkg/testclient/internal/hooks"

// inside has the methods of a World that only package program calls, which documents them.
type inside struct{ w *World }

func init() {
	hooks.Inside = func(world any) any { return inside{world.(*World)} }
}

func (in inside) Blame(verdict, message, who string, at []Place) {
	w := in.w
	w.fail(failure{Verdict: verdict, Message: message, At: at, show: focus{who: who}})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped.Store(true)
}

func (in inside) Watch(look func()) {
	in.w.mu.Lock()
	defer in.w.mu.Unlock()
	in.w.looks = append(in.w.looks, look)
}

func (in inside) CheckStopped() { in.w.checkStopped() }

// lookAround calls what Watch was given.
func (w *World) lookAround() {
	w.mu.Lock()
	looks := w.looks
	w.mu.Unlock()
	for _, look := range looks {
		look()
	}
}
