// Package state keeps what the workshop remembers between two commands, in .workshop/.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// read fills v from a JSON file. A file that is not there leaves v alone. One that cannot
// be understood is set aside, and said so: it is no reason to stop.
func read(file string, v any, now time.Time) (warning string, err error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	broken := json.Unmarshal(data, v)
	if broken == nil {
		return "", nil
	}
	aside := file + ".broken-" + now.Format("20060102-150405")
	if err := os.Rename(file, aside); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s could not be read (%v): it is set aside as %s, and begun anew", filepath.Base(file), broken, filepath.Base(aside)), nil
}

// write replaces a file in one move, so that a reader sees the old one or the new one.
func write(file string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(fresh.Name())
	_, err = fresh.Write(append(data, '\n'))
	if err := errors.Join(err, fresh.Close()); err != nil {
		return err
	}
	return os.Rename(fresh.Name(), file)
}
