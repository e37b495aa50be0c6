package verify

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/scripts/internal/workspace"
)

// sample lists what is chosen of 17 steps with 100 specimens each.
func sample(o Options) (all []string, steps map[workspace.Step]bool) {
	steps = map[workspace.Step]bool{}
	for n := range 17 {
		id := workspace.Step(fmt.Sprintf("%02d", n+1))
		for i := range 100 {
			if name := fmt.Sprintf("wrong-%d", i); o.sampled(id, name) {
				all = append(all, string(id)+name)
				steps[id] = true
			}
		}
	}
	return all, steps
}

func TestASampleIsOneInTwentyAndItsSeedRepeatsIt(t *testing.T) {
	one := Options{Steps: []workspace.Step{"05"}}
	several, some := 0, 0
	for seed := range uint64(100) {
		all, steps := sample(Options{Seed: seed})
		several += len(all)
		some += len(steps)
		again, _ := sample(Options{Seed: seed})
		assert.Equal(t, all, again)
		one.Seed = seed
		all, steps = sample(one)
		assert.Greater(t, len(steps), 13, "a single step nearly always gives some")
		assert.InDelta(t, 85, len(all), 50)
	}
	assert.InDelta(t, 0.05, float64(several)/(100*1700), 0.01)
	assert.InDelta(t, 0.25, float64(some)/(100*17), 0.05, "of several steps, only some programs are built for it")

	first, _ := sample(Options{Seed: 1})
	second, _ := sample(Options{Seed: 2})
	assert.NotEqual(t, first, second)
}
