package report

import (
	"fmt"
	"io"
	"path"
	"strings"

	"wsworkshop/scripts/internal/result"
)

// writeGitHub writes workflow commands: an annotation for each task that has not passed.
// A task that waits for another is a warning, so that the fault to mend stands out.
func writeGitHub(w io.Writer, all []*result.Result) error {
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "Step %s · %s: %d/%d\n", r.Step, r.Title, r.Score, r.Max)
		for i := range r.Tasks {
			annotate(&b, r, &r.Tasks[i])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func annotate(b *strings.Builder, r *result.Result, t *result.Task) {
	kind := "error"
	switch t.Status {
	case result.Passed:
		return
	case result.Blocked:
		kind = "warning"
	}
	place := ""
	if t.File != "" {
		place = fmt.Sprintf("file=%s,line=%d,", property(inRepo(r, t.File)), max(t.Line, 1))
	}
	verdict := ""
	if t.Verdict != "" {
		verdict = " (" + string(t.Verdict) + ")"
	}
	fmt.Fprintf(b, "::%s %stitle=%s::%s\n", kind, place, property(t.ID+" "+t.Title+verdict), data(explained(t)))
}

// data and property escape as workflow commands want it.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}

// inRepo names a file from the workshop's root, where annotations are looked for.
func inRepo(r *result.Result, file string) string {
	if file == "" || r.Dir == "" {
		return file
	}
	return path.Join(r.Dir, file)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
