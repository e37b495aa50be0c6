package verify

import (
	"context"
	"fmt"
	"path/filepath"

	"wsworkshop/scripts/internal/variant"
	"wsworkshop/scripts/internal/workspace"
)

// Trial is a variant that has been run.
type Trial struct {
	Name string
	OK   bool   // it came out as its own words want
	Text string // what it is, what was wanted, what came, and what a learner would see
}

// Variants runs the variants of a step, or those of another folder, in the order of their
// names. Faults in their files are the error.
func Variants(ctx context.Context, opts Options, id workspace.Step, dir string) ([]Trial, error) {
	opts.Copies = true
	l, st, err := newLabFor(ctx, opts, id)
	if err != nil {
		return nil, err
	}
	defer l.close()
	if dir != "" {
		if st.variantsDir, err = filepath.Abs(dir); err != nil {
			return nil, err
		}
	}
	all, err := variant.Dir(st.variantsDir)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("there are no variants (*.txtar) in %s", st.variantsDir)
	}
	if err != nil {
		return nil, err
	}
	r := &row{}
	for _, v := range all {
		c, err := st.variant(v)
		if err != nil {
			return nil, err
		}
		c.specimen.race = true // as a learner's step is graded
		r.claims = append(r.claims, c)
	}
	if err := l.gradeAll(ctx, st, []*row{r}); err != nil {
		return nil, err
	}
	var trials []Trial
	for i, c := range r.claims {
		trials = append(trials, try(all[i].Name, c))
	}
	return trials, nil
}

func try(name string, c *claim) Trial {
	res := c.specimen.finding.result
	if wrong := c.judge(res); wrong != "" {
		return Trial{Name: name, Text: c.tell(wrong, res)}
	}
	return Trial{Name: name, OK: true, Text: c.tell(outcome(res), res)}
}
