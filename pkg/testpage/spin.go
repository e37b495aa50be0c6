package testpage

import (
	"sync"

	"github.com/grafana/sobek"
)

// looksSpinning is after how many looks a task counts as endless: well before testclient's
// watchdog ends the process. A look is one at a program that works (see program.Watch), so
// that on a busy machine a page has as long as on an idle one.
var looksSpinning = 40

// endless is what a task that does not end is interrupted with.
type endless struct{}

// spin tells from outside of the bubble when the loop does one task for ever.
type spin struct {
	vm *sobek.Runtime

	mu      sync.Mutex // guards what follows
	running bool
	turn    int // tasks so far
	seen    int // what the last look saw
	looks   int // how often
}

func (s *spin) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = true
	s.turn++
}

func (s *spin) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
	s.vm.ClearInterrupt()
}

// look interrupts a task that has been there for too many looks.
func (s *spin) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running || s.turn != s.seen {
		s.seen, s.looks = s.turn, 0
		return
	}
	if s.looks++; s.looks >= looksSpinning {
		s.looks = 0
		s.vm.Interrupt(endless{})
	}
}
