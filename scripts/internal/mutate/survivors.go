package mutate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/workspace"
)

// reasons are the lines of the file of survivors, by the names of mutants. Each says why no test
// can refuse the mutant: usually it does the same as the solution.
type reasons map[string]string

// separator stands between name and reason. No name has two blanks in a row.
const separator = "  // "

// readReasons reads solutions/NN/SURVIVORS, which need not be there. Lines that begin with # are
// comments.
func readReasons(root workspace.Root, step workspace.Step) (reasons, error) {
	data, err := os.ReadFile(filepath.Join(root.SolutionDir(step), release.Survivors))
	if errors.Is(err, fs.ErrNotExist) {
		return reasons{}, nil
	}
	if err != nil {
		return nil, err
	}
	return parseReasons(fmt.Sprintf("solutions/%s/%s", step, release.Survivors), string(data))
}

func parseReasons(file, text string) (reasons, error) {
	all := reasons{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, _ := strings.Cut(line, separator)
		if reason == "" {
			return nil, fmt.Errorf("%s:%d: write the mutant's name, two blanks, // and the reason", file, n)
		}
		all[name] = reason
	}
	return all, nil
}

func (r reasons) only(re *regexp.Regexp) reasons {
	kept := reasons{}
	for name, reason := range r {
		if re.MatchString(name) {
			kept[name] = reason
		}
	}
	return kept
}
