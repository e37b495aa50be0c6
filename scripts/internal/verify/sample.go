package verify

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"wsworkshop/scripts/internal/workspace"
)

// share is how much of what is proved is graded again: one of so many.
const share = 20

// sampled chooses what to grade again although it is proved. Building a step's program costs
// more than running a few of its specimens. So of several steps it takes one in four, and four
// times as many of that.
func (o Options) sampled(id workspace.Step, specimen string) bool {
	if len(o.Steps) == 1 {
		return o.draws(share, string(id), specimen)
	}
	return o.draws(4, string(id)) && o.draws(share/4, string(id), specimen)
}

// draws is true for one in n of all words, others with each seed.
func (o Options) draws(n uint64, words ...string) bool {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q", words)
	return rand.New(rand.NewPCG(o.Seed, h.Sum64())).Uint64N(n) == 0
}
