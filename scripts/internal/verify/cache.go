package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/workspace"
)

// cache keeps gradings on disk, under a name made of everything that they depend on.
type cache struct {
	dir          string
	surroundings []byte
}

// newCache works out what all gradings depend on: this program, the Go tools,
// testclient and testpage.
func newCache(ctx context.Context, root workspace.Root) (*cache, error) {
	h := sha256.New()
	if err := addProgram(h); err != nil {
		return nil, err
	}
	var env bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: []string{"go", "env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "GOEXPERIMENT"},
		Dir:  root.Path("scripts"), Env: []string{"GOWORK=off", "GOFLAGS="}, Out: &env,
	})
	if err == nil && exit.Code != 0 {
		err = fmt.Errorf("go env: %s", env.String())
	}
	if err != nil {
		return nil, err
	}
	h.Write(env.Bytes())
	tools, err := files.Read(root.Path("pkg"), func(p string) bool {
		return strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, "testdata/")
	})
	if err != nil {
		return nil, err
	}
	addSet(h, tools)
	return &cache{dir: root.Path(".workshop", "cache", "verify"), surroundings: h.Sum(nil)}, nil
}

// addProgram adds the running program itself: another one may grade otherwise.
func addProgram(h hash.Hash) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(h, f)
	return err
}

// hash begins a key.
func (c *cache) hash(words ...string) hash.Hash {
	h := sha256.New()
	h.Write(c.surroundings)
	for _, w := range words {
		fmt.Fprintf(h, "%q\n", w)
	}
	return h
}

func addSet(h hash.Hash, set files.Set) { fmt.Fprintln(h, set.Digest()) }

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// get returns the result with that key, nil if there is none or it cannot be read.
func (c *cache) get(key string) *result.Result {
	path := filepath.Join(c.dir, key)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var r result.Result
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&r) != nil {
		return nil
	}
	now := time.Now()
	os.Chtimes(path, now, now) // it is needed still: see prune
	return &r
}

// put writes a result, whole or not at all.
func (c *cache) put(key string, r *result.Result) error {
	path := filepath.Join(c.dir, key)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(r); err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o777); err != nil {
		return err
	}
	temp, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(b.Bytes())
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// prune drops what nobody has asked for in a week.
func (c *cache) prune() {
	entries, _ := os.ReadDir(c.dir)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 7*24*time.Hour {
			os.Remove(filepath.Join(c.dir, e.Name()))
		}
	}
}
