package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"

	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/workspace"
)

// knowledge names what gradings depend on.
type knowledge struct {
	root     workspace.Root
	digester proof.Digester
	program  string // what grades: this program's sources, and Go without its patch release
	machine  string // what else may make a difference on one machine alone

	mu      sync.Mutex
	modules map[string]string // digests of modules below pkg, by folder
}

var minorRE = regexp.MustCompile(`go1\.\d+`)

func newKnowledge(ctx context.Context, root workspace.Root) (*knowledge, error) {
	var env bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: []string{"go", "env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "GOEXPERIMENT"},
		Dir:  root.Path("scripts"), Out: &env,
	})
	if err == nil && exit.Code != 0 {
		err = fmt.Errorf("go env: %s", env.String())
	}
	if err != nil {
		return nil, err
	}
	k := &knowledge{root: root, machine: env.String(), modules: map[string]string{}}
	sources, err := k.digester.Program(root.Path("scripts"), "internal/verify")
	if err != nil {
		return nil, fmt.Errorf("read the sources of verify: %w", err)
	}
	k.program = digest(minorRE.FindString(env.String()), sources)
	return k, nil
}

// digest names a list of words.
func digest(words ...string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", words))
	return hex.EncodeToString(sum[:])
}

// module names what is in a module below pkg.
func (k *knowledge) module(dir string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known, ok := k.modules[dir]; ok {
		return known, nil
	}
	sum, err := k.digester.Module(dir)
	if err == nil {
		k.modules[dir] = sum
	}
	return sum, err
}

// surroundings names what all gradings of a step depend on: what grades, the reference, which
// tells where a task is written, and the modules of this workshop that the step is built with.
func (k *knowledge) surroundings(st *step) (string, error) {
	words := []string{k.program, string(st.id), k.digester.Set(st.solution)}
	mod, err := modfile.Parse("go.mod", st.solution["go.mod"], nil)
	if err != nil {
		return "", err
	}
	for _, r := range mod.Replace {
		dir := filepath.FromSlash(r.New.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(k.root.SolutionDir(st.id), dir)
		}
		sum, err := k.module(dir)
		if err != nil {
			return "", err
		}
		words = append(words, r.Old.Path, sum)
	}
	return digest(words...), nil
}

// inputs names all that the verdict on a claim depends on. What is wanted of it is part of
// that: the tasks that must fail, the words that the report must say.
func (k *knowledge) inputs(st *step, c *claim) string {
	s := c.specimen
	return digest(st.surroundings, c.want, fmt.Sprint(s.race), strings.Join(s.only, " "),
		k.digester.Set(s.files), k.digester.Set(s.suite))
}

// memory is this machine's own proof of a step: what is made again in each clone, and what a
// machine can prove for itself alone.
func (k *knowledge) memory(id workspace.Step) string {
	return k.root.Path(".workshop", "proven", string(id))
}
