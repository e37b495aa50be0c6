package variant

import (
	"fmt"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// arrow is the line between the old lines of an edit and the new ones.
const arrow = "=>"

// edits makes the variant's edits in the files that its other sections have left, in order.
func (a *applied) edits(out files.Set) error {
	for _, s := range a.v.sections {
		if !s.edit {
			continue
		}
		src, ok := out[s.path]
		if !ok {
			return a.fault(s, "there is no %s to edit", s.path)
		}
		var err error
		if out[s.path], err = a.edit(s, src); err != nil {
			return err
		}
	}
	return nil
}

// edit returns a file with the section's new lines in the place of its old ones, which must
// stand there exactly once.
func (a *applied) edit(s section, src []byte) ([]byte, error) {
	lines := strings.Split(string(src), "\n")
	old, replacement := s.halves()
	var at []int
	for i := 0; i+len(old) <= len(lines); i++ {
		if slices.Equal(lines[i:i+len(old)], old) {
			at = append(at, i)
		}
	}
	switch len(at) {
	case 0:
		return nil, a.fault(s, "%s has these old lines nowhere: they must stand there once, blanks and tabs included", s.path)
	case 1:
		return []byte(strings.Join(slices.Replace(lines, at[0], at[0]+len(old), replacement...), "\n")), nil
	}
	var places []string
	for _, i := range at {
		places = append(places, fmt.Sprint(i+1))
	}
	return nil, a.fault(s, "%s has these old lines %d times, in lines %s: add a line above or below that stands there once",
		s.path, len(at), strings.Join(places, ", "))
}

// halves are the lines before and after the arrow.
func (s section) halves() (old, replacement []string) {
	lines := strings.Split(strings.TrimSuffix(string(s.data), "\n"), "\n")
	i := slices.Index(lines, arrow)
	return lines[:i], lines[i+1:]
}

// editFault says what is wrong with the body of an edit, "" if nothing is.
func editFault(data []byte) string {
	lines := strings.Split(string(data), "\n")
	arrows := 0
	for _, line := range lines {
		if line == arrow {
			arrows++
		}
	}
	switch {
	case arrows != 1:
		return fmt.Sprintf(`an edit has old lines, a line "=>" and new lines: here are %d such lines`, arrows)
	case lines[0] == arrow:
		return `an edit needs old lines before "=>": where else would the new ones go?`
	}
	return ""
}
