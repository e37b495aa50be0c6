// Package report writes results: for a person, or for a program.
package report

import (
	"encoding/json"
	"fmt"
	"io"

	"wsworkshop/scripts/internal/result"
)

// Format is a kind of report.
type Format string

// The formats. The JSON is a public contract.
const (
	Text   Format = "text"
	JSON   Format = "json"
	JUnit  Format = "junit"
	GitHub Format = "github"
)

// Options say how a result is told to a person.
type Options struct {
	All       bool   // tell every failure at length, not only the first
	Reference bool   // it is the reference that was graded: no hints
	Next      string // the step after this one, "" if it is the last
	OneTask   bool   // only one task was graded
	NextTask  string // the task to do after that one, "" if none is known to be open
}

// Write writes one result.
func Write(w io.Writer, format Format, r *result.Result, opts Options) error {
	switch format {
	case JSON:
		return writeJSON(w, r)
	case JUnit:
		return writeJUnit(w, []*result.Result{r})
	case GitHub:
		return writeGitHub(w, []*result.Result{r})
	case Text, "":
		return newText(w, opts).result(r)
	}
	return fmt.Errorf("FORMAT=%s: there are text, json, junit and github", format)
}

// WriteAll writes the results of several steps, for programs.
func WriteAll(w io.Writer, format Format, all []*result.Result) error {
	switch format {
	case JSON:
		return writeJSON(w, all)
	case JUnit:
		return writeJUnit(w, all)
	case GitHub:
		return writeGitHub(w, all)
	}
	return fmt.Errorf("FORMAT=%s: there are text, json, junit and github", format)
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
