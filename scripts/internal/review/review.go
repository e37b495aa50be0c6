// Package review reads a step that has full marks as a reviewer would, and makes a few
// remarks. They cost no points: what the Contract asks for is the suite's to judge.
package review

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/result"
)

// most is how many remarks a learner gets at once: more are not read.
const most = 3

// Review makes the remarks on the module in dir, the weightiest first, and at most one of each
// check. It says nothing about declarations that given has too: nobody here wrote those. race
// tells how the module's packages were compiled before, so that they need not be again.
func Review(ctx context.Context, dir string, given files.Set, race bool) ([]result.Remark, error) {
	all, err := remarks(ctx, dir, given, race)
	if err != nil {
		return nil, err
	}
	var chosen []result.Remark
	for _, a := range analyzers() {
		if found := all[a]; len(found) > 0 && len(chosen) < most {
			chosen = append(chosen, found[0])
		}
	}
	return chosen, nil
}

// remarks are all of them, by check, in the order of the code.
func remarks(ctx context.Context, dir string, given files.Set, race bool) (map[*analysis.Analyzer][]result.Remark, error) {
	pkgs, err := load(ctx, dir, race)
	if err != nil {
		return nil, err
	}
	graph, err := checker.Analyze(analyzers(), pkgs, nil)
	if err != nil {
		return nil, err
	}
	theirs := declarations(given)
	all := map[*analysis.Analyzer][]result.Remark{}
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, fmt.Errorf("%s: %w", action.Analyzer.Name, action.Err)
		}
		for _, d := range action.Diagnostics {
			at := action.Package.Fset.Position(d.Pos)
			if file, err := filepath.Rel(dir, at.Filename); err == nil && !theirs.have(action.Package, d.Pos) {
				all[action.Analyzer] = append(all[action.Analyzer], result.Remark{
					File: filepath.ToSlash(file), Line: at.Line, Text: words(action.Analyzer, d.Message),
				})
			}
		}
	}
	for _, found := range all {
		slices.SortFunc(found, before)
	}
	return all, nil
}

func before(a, b result.Remark) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) }

// load parses the module's packages without their tests. Of other packages it reads only what
// the compiler has written about them.
func load(ctx context.Context, dir string, race bool) ([]*packages.Package, error) {
	cfg := &packages.Config{Context: ctx, Dir: dir, Mode: packages.LoadSyntax, Env: proc.Environ()}
	if race {
		cfg.BuildFlags = []string{"-race"}
	} else {
		cfg.Env = append(cfg.Env, "CGO_ENABLED=0")
	}
	pkgs, err := packages.Load(cfg, "./...")
	for _, p := range pkgs {
		for _, e := range p.Errors {
			err = errors.Join(err, e)
		}
		// The checker would ask the same of all packages that these import, for which there
		// is no syntax. Here, what it could learn there makes no difference.
		p.Imports = nil
	}
	return pkgs, err
}
