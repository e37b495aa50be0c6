// Package proof keeps what `make verify` has proved: a line for each specimen, with a digest
// of everything that its grading depends on. A line whose digest does not match proves
// nothing, so a file that is stale, damaged or forged costs time and never hides a fault.
package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Line is the proof of one specimen.
type Line struct {
	Name    string   // the specimen's, without blanks
	Digest  string   // of what the grading depends on and of Refused
	Refused []string // the tests that refused the specimen, where somebody needs to know
}

// Proof has the lines of a file by their names.
type Proof map[string]Line

// Read reads a file. Where there is none, or no line that can be read, nothing is proved.
func Read(file string) Proof {
	p := Proof{}
	data, _ := os.ReadFile(file)
	for text := range strings.Lines(string(data)) {
		fields := strings.Fields(text)
		if len(fields) < 2 || strings.HasPrefix(text, "#") {
			continue
		}
		p[fields[0]] = Line{Name: fields[0], Digest: fields[1], Refused: fields[2:]}
	}
	return p
}

// Prove makes the line of a specimen that came out as wanted; inputs names all that the
// grading depends on.
func Prove(name, inputs string, refused []string) Line {
	return Line{Name: name, Digest: seal(name, inputs, refused), Refused: refused}
}

// Find returns the line that proves the specimen, if there is one.
func (p Proof) Find(name, inputs string) (Line, bool) {
	line, ok := p[name]
	return line, ok && line.Digest == seal(name, inputs, line.Refused)
}

// seal covers the tests too: nobody can change them alone.
func seal(name, inputs string, refused []string) string {
	return short(sha256.Sum256(fmt.Appendf(nil, "%q %s %q", name, inputs, refused)))
}

// short is long enough for what nobody tries to find a second input for.
func short(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:16]) }

// Write writes the lines below a header, one line or more of comment, and reports whether
// the file has changed. A file that is as it should be is left alone; without lines there is
// no need for one.
func Write(file, header string, lines []Line) (changed bool, err error) {
	var b bytes.Buffer
	b.WriteString(header)
	for _, line := range lines {
		fmt.Fprintln(&b, strings.Join(append([]string{line.Name, line.Digest}, line.Refused...), " "))
	}
	have, err := os.ReadFile(file)
	if (err == nil && bytes.Equal(have, b.Bytes())) || (os.IsNotExist(err) && len(lines) == 0) {
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return false, err
	}
	return true, os.WriteFile(file, b.Bytes(), 0o666)
}
