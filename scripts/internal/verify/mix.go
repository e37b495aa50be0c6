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
	var some []*specimen
	in := blend.Input{Module: batchModule + "/" + blendName, Place: b.place}
	for _, s := range specimens {
		if b.copies[s] != "" {
			some = append(some, s)
			in.Versions = append(in.Versions, b.compiled(s.files, in.Module))
		}
	}
	if len(some) < leastBlended {
		return nil
	}
	in.Base = b.compiled(st.solution, in.Module)
	in.Go = "go" + goVersion(st.solution["go.mod"])
	var err error
	in.Imports, err = blend.Imports(ctx, b.root.SolutionDir(b.step), in.Module, append(in.Versions, in.Base)...)
	if err != nil {
		return err
	}
	made, err := blend.Make(in)
	if err != nil {
		b.why["all"] = err.Error()
		return nil
	}
	b.blend = made.Files
	for i, s := range some {
		if why, left := made.Left[i]; left {
			b.why[s.name] = why
			continue
		}
		b.blended[s] = i
		delete(b.copies, s)
		if b.suiteIndex(s.suite) < 0 {
			b.suites = append(b.suites, s.suite)
		}
	}
	return nil
}

// unmix makes copies of all that is blended.
func (b *batch) unmix(why string) {
	b.why["all"] = why
	for s, i := range b.blended {
		b.copies[s] = fmt.Sprintf("c%d", 1000+i)
	}
	clear(b.blended)
	b.blend, b.suites = nil, nil
}

func (b *batch) suiteIndex(set files.Set) int {
	return slices.IndexFunc(b.suites, func(known files.Set) bool { return sameSet(known, set) })
}

// suiteOf names the tests of a specimen in the blend.
func (b *batch) suiteOf(s *specimen) string { return fmt.Sprintf("suite%d", b.suiteIndex(s.suite)) }

// goVersion is the module's, as its go.mod has it.
func goVersion(mod []byte) string {
	file, err := modfile.ParseLax("go.mod", mod, nil)
	if err != nil || file.Go == nil {
		return ""
	}
	return file.Go.Version
}
