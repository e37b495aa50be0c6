package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/workspace"
)

var test2jsonOnce sync.Mutex // guards the building of test2json

// Test2JSON returns Go's own program that reads the output of tests. It is built once:
// `go tool` would look for it again at every grading.
func Test2JSON(ctx context.Context, root workspace.Root) (string, error) {
	test2jsonOnce.Lock()
	defer test2jsonOnce.Unlock()
	program := root.Path(".workshop", "bin", "test2json-"+runtime.Version())
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(filepath.Dir(program), 0o777); err != nil {
		return "", err
	}
	fresh := fmt.Sprintf("%s.%d", program, os.Getpid())
	defer os.Remove(fresh)
	var out bytes.Buffer
	exit, err := proc.Run(ctx, proc.Spec{
		Args: []string{"go", "build", "-o", fresh, "cmd/test2json"},
		Dir:  root.Path("scripts"),
		Out:  &out,
	})
	if err == nil && exit.Code != 0 {
		err = errors.New(out.String())
	}
	if err != nil {
		return "", fmt.Errorf("build cmd/test2json: %w", err)
	}
	return program, os.Rename(fresh, program)
}
