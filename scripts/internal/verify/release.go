package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/release"
)

// released: the step on disk is what its solution releases, or has been worked in since,
// and what is released builds alone, its program included.
func (l *lab) released(ctx context.Context, st *step) *row {
	r := &row{name: "released"}
	changes, err := st.release.Compare(l.opts.Root)
	if err != nil {
		r.failed(err)
		return r
	}
	r.note = st.inventory()
	if !changes.None() {
		differ := append(changes.Written, changes.Removed...)
		if edited(changes) {
			r.note += "\nedited since its release: " + strings.Join(differ, ", ")
		} else {
			r.fault("steps/%s is not what solutions/%s releases: %s\n`make release STEP=%s` releases it.",
				st.id, st.id, strings.Join(differ, ", "), st.id)
		}
	}
	if err := l.buildsAlone(ctx, st); err != nil {
		r.failed(err)
	}
	return r
}

// inventory tells the step's files by how they relate to the step before.
func (st *step) inventory() string {
	lines := []string{"builds alone"}
	for _, state := range []release.State{release.New, release.Changed, release.Carried} {
		var names []string
		for _, f := range st.release.Files {
			if f.State == state {
				names = append(names, f.Path)
			}
		}
		if len(names) > 0 {
			lines = append(lines, fmt.Sprintf("%s: %s", state, strings.Join(names, ", ")))
		}
	}
	return strings.Join(lines, "\n")
}

// buildsAlone builds all packages of the released module, far from the workspace.
func (l *lab) buildsAlone(ctx context.Context, st *step) error {
	inputs := digest(st.surroundings, l.knowledge.digester.Set(st.release.Starter))
	if l.spared(st, false, "released", inputs) != nil {
		st.built = inputs
		return nil
	}
	dir := filepath.Join(l.folder(st), "released")
	set, err := rooted(st.release.Starter, l.opts.Root.StepDir(st.id))
	if err != nil {
		return err
	}
	if err := set.Write(dir); err != nil {
		return err
	}
	return l.slot(ctx, func(string) error {
		l.opts.Say("step %s: building the released module", st.id)
		var out strings.Builder
		exit, err := proc.Run(ctx, proc.Spec{
			Args: []string{"go", "build", "-o", os.DevNull, "./..."},
			Dir:  dir, Out: &out,
		})
		if err == nil && exit.Code != 0 {
			return fmt.Errorf("the released step %s does not build:\n%s", st.id, out.String())
		}
		st.built = inputs
		return err
	})
}

// rooted makes the replacements in go.mod absolute, so that the module, which belongs in
// dir, builds elsewhere.
func rooted(set files.Set, dir string) (files.Set, error) {
	mod, err := modfile.Parse("go.mod", set["go.mod"], nil)
	if err != nil {
		return nil, err
	}
	for _, r := range mod.Replace {
		if !modfile.IsDirectoryPath(r.New.Path) || filepath.IsAbs(r.New.Path) {
			continue
		}
		if err := mod.AddReplace(r.Old.Path, r.Old.Version, filepath.Join(dir, filepath.FromSlash(r.New.Path)), ""); err != nil {
			return nil, err
		}
	}
	out := set.Clone()
	out["go.mod"], err = mod.Format()
	return out, err
}

// edited reports whether somebody has worked in the step since it was released: then its
// solution is still the one that was released, and the documents are as they were.
func edited(c release.Changes) bool {
	return !slices.ContainsFunc(c.Written, func(name string) bool {
		return name == release.Stamp || strings.HasSuffix(name, ".md")
	})
}
