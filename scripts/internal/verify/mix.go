package verify

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/schemata"
)

// leastBlended is from how many specimens on schemata are worth their making.
const leastBlended = 3

// mix moves those of the copies that can live together into schemata.
func (b *batch) mix(st *step, specimens []*specimen) {
	module := batchModule + "/" + blendName
	versions := make([]files.Set, len(specimens))
	count := 0
	for i, s := range specimens {
		if b.copies[s] != "" {
			versions[i] = b.compiled(s.files, module)
			count++
		}
	}
	if count < leastBlended {
		return
	}
	made, err := schemata.Make(module, b.compiled(st.solution, module), versions)
	if err != nil {
		return
	}
	b.schemata = made
	for i, s := range specimens {
		if versions[i] != nil && made.Left[i] == nil {
			b.moveIn(s, i)
		}
	}
}

// moveIn makes version i of the schemata of a copy.
func (b *batch) moveIn(s *specimen, i int) {
	b.blended[s] = i
	delete(b.copies, s)
	if b.suiteIndex(s.suite) < 0 {
		b.suites = append(b.suites, s.suite)
	}
}

// sift makes copies of the versions with which the schemata do not compile; of all versions, if
// the compiler names none.
func (b *batch) sift(ctx context.Context, st *step, specimens []*specimen) error {
	traced := files.Set{}
	for p, data := range b.schemata.Traced() {
		traced[path.Join(blendName, p)] = data
	}
	if err := traced.Write(b.dir); err != nil {
		return err
	}
	var said strings.Builder
	_, err := proc.Run(ctx, proc.Spec{
		Args: []string{"go", "build", "-gcflags=-e", "./" + blendName},
		Dir:  b.dir, Out: &said,
	})
	if err != nil {
		return err
	}
	spoilers := b.schemata.Spoilers(said.String())
	kept := slices.Clone(specimens)
	for s, i := range b.blended {
		if slices.Contains(spoilers, i) || len(spoilers) == 0 {
			kept[i] = nil
		}
		b.copies[s] = fmt.Sprintf("b%d", i)
	}
	clear(b.blended)
	b.schemata, b.suites = nil, nil
	if len(spoilers) > 0 {
		b.mix(st, kept)
	}
	return nil
}

func (b *batch) suiteIndex(set files.Set) int {
	return slices.IndexFunc(b.suites, func(known files.Set) bool { return sameSet(known, set) })
}

// suiteOf names the tests of a specimen in the schemata.
func (b *batch) suiteOf(s *specimen) string { return fmt.Sprintf("suite%d", b.suiteIndex(s.suite)) }
