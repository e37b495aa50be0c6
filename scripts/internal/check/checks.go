package check

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"path"
	"runtime"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/table"
)

// authors reports whether the module is written by hand.
func authors(m Module) bool { return !m.Starter() }

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// format compares each Go file with what gofmt makes of it. Fixtures are left alone: some
// of them are broken on purpose.
func (c *Checker) format(context.Context) table.Row {
	row := table.Row{Name: "gofmt"}
	n := 0
	for _, m := range c.Modules {
		set, err := files.Read(m.Dir, func(p string) bool { return path.Base(p) == "testdata" || p == "node_modules/" })
		if err != nil {
			row.Details = append(row.Details, err.Error())
		}
		for _, p := range set.Paths() {
			if !strings.HasSuffix(p, ".go") {
				continue
			}
			n++
			switch formatted, err := format.Source(set[p]); {
			case err != nil:
				row.Details = append(row.Details, fmt.Sprintf("%s/%s:%v", m.Name, p, err))
			case !bytes.Equal(formatted, set[p]):
				row.Details = append(row.Details, fmt.Sprintf("%s/%s is not formatted: gofmt -w does it", m.Name, p))
			}
		}
	}
	row.Note = table.Plural(n, "file")
	if len(row.Details) > 0 {
		row.State = table.Failed
	}
	return row
}

func (c *Checker) vet(ctx context.Context) table.Row {
	row := table.Row{Name: "go vet", Note: table.Plural(len(c.Modules), "module")}
	return c.together(ctx, row, c.Modules, "go", "vet", "-tags", "integration")
}

// vetElsewhere is a check for each system that learners have and this one is not.
func (c *Checker) vetElsewhere() []func(context.Context) table.Row {
	var checks []func(context.Context) table.Row
	for _, system := range []string{"linux", "windows", "darwin"} {
		if system == runtime.GOOS {
			continue
		}
		checks = append(checks, func(ctx context.Context) table.Row {
			there := *c
			there.env = []string{"GOOS=" + system, "CGO_ENABLED=0"}
			modules := c.choose(authors)
			row := table.Row{Name: "vet " + system, Note: table.Plural(len(modules), "module")}
			return there.together(ctx, row, modules, "go", "vet")
		})
	}
	return checks
}

func (c *Checker) staticcheck(ctx context.Context) table.Row {
	row := table.Row{Name: "staticcheck"}
	program, err := c.tool(ctx, "honnef.co/go/tools/cmd/staticcheck")
	if err != nil {
		return failed(row, err)
	}
	modules := c.choose(authors)
	row.Note = fmt.Sprintf("%s; not the starters, where unused code waits to be used", table.Plural(len(modules), "module"))
	return c.together(ctx, row, modules, program, "-tags", "integration")
}

// vulnerabilities fails only where the database answers: a workshop is also held offline.
func (c *Checker) vulnerabilities(ctx context.Context) table.Row {
	row := table.Row{Name: "govulncheck"}
	program, err := c.tool(ctx, "golang.org/x/vuln/cmd/govulncheck")
	if err != nil {
		return failed(row, err)
	}
	modules := c.choose(authors)
	out, ok, err := c.program(ctx, modules[0].Dir, program, "./...")
	if why := unreachable(out); !ok && err == nil && why != "" {
		row.State, row.Note = table.Skipped, "skipped: its database cannot be reached ("+why+")"
		return row
	}
	row.Note = table.Plural(len(modules), "module")
	return c.each(ctx, row, modules, func(Module) []string { return []string{program, "./..."} })
}

// unreachable finds why govulncheck could not ask its database, in what it printed.
func unreachable(out string) string {
	_, why, found := strings.Cut(out, "fetching vulnerabilities: ")
	if !found {
		return ""
	}
	why, _, _ = strings.Cut(why, "\n")
	if len(why) > 50 { // an address, a chain of causes
		why = strings.TrimSpace(why[strings.LastIndex(why, ": ")+1:])
	}
	return why
}

func (c *Checker) tidy(ctx context.Context) table.Row {
	modules := c.choose(authors)
	row := table.Row{Name: "tidy", Note: table.Plural(len(modules), "module") + "; a starter has the go.mod of its solution"}
	return c.each(ctx, row, modules, func(Module) []string { return []string{"go", "mod", "tidy", "-diff"} })
}

func (c *Checker) tests(ctx context.Context) table.Row {
	modules := c.choose(Module.library)
	var names []string
	for _, m := range modules {
		names = append(names, m.Name)
	}
	row := table.Row{Name: "unit tests", Note: strings.Join(names, ", ")}
	args := []string{"go", "test"}
	if out, ok, _ := c.program(ctx, c.Root.Path("scripts"), "go", "build", "-race", "-o", nowhere(), "./internal/table"); ok {
		row.Note += ", with the race detector"
		args = append(args, "-race")
	} else {
		row.Note += "; without the race detector: " + firstLine(out)
	}
	row = c.each(ctx, row, modules, func(Module) []string { return append(slices.Clone(args), "./...") })
	for i, d := range row.Details {
		row.Details[i] = withoutPassed(d)
	}
	return row
}

// nowhere is where a program is built to that nobody needs.
func nowhere() string {
	if runtime.GOOS == "windows" {
		return "NUL"
	}
	return "/dev/null"
}

// withoutPassed drops what go test prints for packages that are all right.
func withoutPassed(out string) string {
	var kept []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "ok  \t") && !strings.HasPrefix(line, "?   \t") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

func failed(row table.Row, err error) table.Row {
	row.State, row.Note, row.Details = table.Failed, "it could not be run", []string{err.Error()}
	return row
}
