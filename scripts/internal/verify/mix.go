package verify

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/blend"
	"wsworkshop/scripts/internal/files"
)

// leastBlended is from how many specimens on a blend is worth its making.
const leastBlended = 3

// mix blends those of the copies that can be blended. That none can is no error.
func (b *batch) mix(ctx context.Context, st *step, specimens []*specimen) error {
	specimens = slices.DeleteFunc(slices.Clone(specimens), func(s *specimen) bool { return b.copies[s] == "" })
	if len(specimens) < leastBlended {
		return nil
	}
	in := blend.Input{Module: batchModule + "/" + blendName, Go: goVersion(st.solution["go.mod"]), Place: b.place}
	in.Base = b.compiled(st.solution, in.Module)
	for _, s := range specimens {
		in.Versions = append(in.Versions, b.compiled(s.files, in.Module))
	}
	var err error
	in.Imports, err = blend.Imports(ctx, b.root.SolutionDir(b.step), in.Module, append(in.Versions, in.Base)...)
	if err != nil {
		return ctx.Err()
	}
	made, err := blend.Make(in)
	if err != nil {
		return nil
	}
	b.blend = made.Files
	for i, s := range specimens {
		if made.Left[i] == "" {
			b.moveIn(s, i)
		}
	}
	return nil
}

// moveIn makes version i of the blend of a copy.
func (b *batch) moveIn(s *specimen, i int) {
	b.blended[s] = i
	delete(b.copies, s)
	if b.suiteIndex(s.suite) < 0 {
		b.suites = append(b.suites, s.suite)
	}
}

// unmix makes copies of all that is blended.
func (b *batch) unmix() {
	for s, i := range b.blended {
		b.copies[s] = fmt.Sprintf("b%d", i)
	}
	clear(b.blended)
	b.blend, b.suites = nil, nil
}

func (b *batch) suiteIndex(set files.Set) int {
	return slices.IndexFunc(b.suites, func(known files.Set) bool { return sameSet(known, set) })
}

// suiteOf names the tests of a specimen in the blend.
func (b *batch) suiteOf(s *specimen) string { return fmt.Sprintf("suite%d", b.suiteIndex(s.suite)) }

// goVersion is the module's, "go1.26", as its go.mod has it.
func goVersion(mod []byte) string {
	file, err := modfile.ParseLax("go.mod", mod, nil)
	if err != nil || file.Go == nil {
		return ""
	}
	return "go" + file.Go.Version
}
