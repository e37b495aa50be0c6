// Command testclient-overlay lets the locks of your code wait in a way that virtual time
// understands, without touching a file of yours:
//
//	go test -race -overlay="$(go tool testclient-overlay ./...)" ./...
//
// It copies each Go file of the packages that imports sync, tests excepted, so that it
// imports wsworkshop/pkg/testclient/sync, and prints the name of the file that tells the go
// command to compile the copies. Stacks and compiler errors name your own files. Run it
// again when your files have changed. Your module must require wsworkshop/pkg/testclient,
// and must not be built from a vendor folder.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	into := flag.String("o", "", "the folder for the copies; without it one in the user's cache")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: testclient-overlay [-o DIR] [PACKAGE…]   (./... if none is given)")
		flag.PrintDefaults()
	}
	flag.Parse()
	file, err := run(*into, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "testclient-overlay:", err)
		os.Exit(1)
	}
	fmt.Println(file)
}

// run writes the overlay of the packages, and returns its file.
func run(into string, packages []string) (string, error) {
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	if into == "" {
		dir, err := cacheFolder()
		if err != nil {
			return "", err
		}
		into = dir
	}
	into, err := filepath.Abs(into)
	if err != nil {
		return "", err
	}
	files, err := goFiles(packages)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for _, file := range files {
		if err := add(replace, into, file); err != nil {
			return "", err
		}
	}
	data, _ := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t") // strings only
	overlay := filepath.Join(into, "overlay.json")
	return overlay, writeIfChanged(overlay, data)
}

// cacheFolder is a folder for where we are.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "testclient-overlay", name(here)), nil
}

// name makes a file's name of a path.
func name(path string) string {
	h := fnv.New64a()
	_, _ = io.WriteString(h, path) // never fails
	return fmt.Sprintf("%x-%s", h.Sum64(), filepath.Base(path))
}

// goFiles asks the go command for the files of the packages that are built here.
func goFiles(packages []string) ([]string, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=Dir,GoFiles,CgoFiles"}, packages...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var files []string
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			Dir               string
			GoFiles, CgoFiles []string
		}
		switch err := d.Decode(&p); {
		case err == io.EOF:
			return files, nil
		case err != nil:
			return nil, fmt.Errorf("what go list says: %w", err)
		}
		for _, f := range append(p.GoFiles, p.CgoFiles...) {
			files = append(files, filepath.Join(p.Dir, f))
		}
	}
}

// add copies a file that imports sync.
func add(replace map[string]string, into, file string) error {
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	out, ok := withLocks(src)
	if !ok {
		return nil
	}
	replace[file] = filepath.Join(into, name(file))
	return writeIfChanged(replace[file], append([]byte("//line "+file+":1\n"), out...))
}

// writeIfChanged leaves a file that is right alone, so that the go command's cache holds.
func writeIfChanged(file string, data []byte) error {
	if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}
