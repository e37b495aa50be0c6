package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"wsworkshop/scripts/internal/workspace"
)

// closeCode is a row of the table "Close codes" of LEARNING_PLAN.md, or what the wire package says.
type closeCode struct {
	Name    string // empty if the code has none
	MaySend bool
	Advice  string // as wire.Advice.String has it
}

// TestPlanHasTheCloseCodesOfTheNewestSolution compares the table with the package wire, for each
// code from 1000 to 4999.
func TestPlanHasTheCloseCodesOfTheNewestSolution(t *testing.T) {
	root, err := workspace.Find(".")
	if err != nil {
		t.Fatal(err)
	}
	rows := plannedCodes(t, root.Path("LEARNING_PLAN.md"))
	for code, got := range wireCodes(t, root) {
		want, ok := rows[strconv.Itoa(code)]
		if !ok {
			want, ok = rows[strconv.Itoa(code/100)+"xx"]
		}
		if !ok && code >= 4000 {
			want, ok = rows["others from 4000 on"]
		}
		switch {
		case !ok && got.Name != "":
			t.Errorf("wire has %d %s, and the plan has no row for it", code, got.Name)
		case ok && want.Advice == "": // reserved: nobody meets it
			if got.Name != "" || got.MaySend {
				t.Errorf("the plan says that %d is reserved, and wire says %+v", code, got)
			}
		case ok && got != want:
			t.Errorf("wire says %+v of %d, and the plan %+v", got, code, want)
		}
	}
}

// closeRow is a row of the table: code, name, on the wire, sent by this server, advice.
var closeRow = regexp.MustCompile(`(?m)^\| ([^|]+) \|([^|]*)\| (yes|no|never) \|[^|]*\|([^|]*)\|$`)

// plannedCodes returns the rows of the table, by their first column.
func plannedCodes(t *testing.T, plan string) map[string]closeCode {
	t.Helper()
	text, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n### Close codes\n")
	section, _, _ = strings.Cut(section, "\n##")
	rows := map[string]closeCode{}
	for _, row := range closeRow.FindAllStringSubmatch(section, -1) {
		name := strings.TrimSpace(row[2])
		if _, err := strconv.Atoi(row[1]); err != nil {
			name = "" // "ours" stands for no code in particular
		}
		rows[row[1]] = closeCode{name, row[3] == "yes", plannedAdvice(t, strings.TrimSpace(row[4]))}
	}
	if len(rows) < 20 {
		t.Fatalf("the table \"Close codes\" of %s has %d rows that can be read, want at least 20", plan, len(rows))
	}
	return rows
}

// plannedAdvice returns the advice with which the last column of a row begins.
func plannedAdvice(t *testing.T, text string) string {
	t.Helper()
	for _, a := range []struct{ begins, advice string }{
		{"stop", "stop"}, {"new session", "new session"}, {"resume at once", "resume at once"}, {"resume", "resume after backoff"},
	} {
		if strings.HasPrefix(text, a.begins) {
			return a.advice
		}
	}
	if text != "" {
		t.Fatalf("the plan has the advice %q: it should begin with stop, new session, resume at once or resume", text)
	}
	return ""
}

// wireCodes runs a program inside the newest solution with a package wire that has close codes.
func wireCodes(t *testing.T, root workspace.Root) map[int]closeCode {
	t.Helper()
	found, _ := filepath.Glob(root.Path("solutions", "*", "wire", "close.go"))
	if len(found) == 0 {
		t.Fatal("no solution has wire/close.go")
	}
	solution := filepath.Dir(filepath.Dir(found[len(found)-1]))
	dir := t.TempDir()
	program, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	replaced, _ := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(solution, "closecodes", "main.go"): program,
	}})
	for path, text := range map[string]string{
		program: fmt.Sprintf(printCodes, filepath.Base(solution)),
		overlay: string(replaced),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "run", "-overlay", overlay, "./closecodes")
	cmd.Dir, cmd.Env = solution, append(os.Environ(), "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	codes := map[int]closeCode{}
	if err := json.Unmarshal(out, &codes); err != nil {
		t.Fatal(err)
	}
	return codes
}

const printCodes = `package main

import (
	"encoding/json"
	"os"
	"strings"

	"wsworkshop/solutions/%s/wire"
)

func main() {
	codes := map[int]any{}
	for code := wire.CloseCode(1000); code < 5000; code++ {
		_, name, _ := strings.Cut(code.String(), " ")
		codes[int(code)] = map[string]any{"Name": name, "MaySend": code.MaySend(), "Advice": code.Advice().String()}
	}
	json.NewEncoder(os.Stdout).Encode(codes)
}
`
