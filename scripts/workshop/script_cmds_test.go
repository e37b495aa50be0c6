package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"wsworkshop/scripts/internal/result"
)

// graded runs `workshop test STEP=01` and compares what became of the tasks:
//
//	graded 1.1=passed 1.2=panic 1.3=passed
//
// frozen|timeout allows either. A verdict may be followed by the place where the learner is sent: 1.2=panic@hub.go:HERE
// means the line of hub.go with the comment // HERE. The exit status must fit, the running
// must end in time, and no process may be left.
func graded(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("graded knows by itself whether the step should fail")
	}
	err := ts.Exec("workshop", "test", "STEP=01", "FORMAT=json")
	var r result.Result
	out := ts.ReadFile("stdout")
	if e := json.Unmarshal([]byte(out), &r); e != nil {
		ts.Fatalf("no result (%v): %v\n%s", err, e, out)
	}
	if (err == nil) != (r.Score == 100) {
		ts.Fatalf("exit status %v with %d points", err, r.Score)
	}
	limit := 100 * time.Second // on a busy machine; a quiet one needs a quarter of that
	if time.Duration(r.RealMS)*time.Millisecond > limit {
		ts.Fatalf("the grading took %d ms, more than %v", r.RealMS, limit)
	}
	for _, arg := range args {
		id, want, _ := strings.Cut(arg, "=")
		task(ts, &r, id, want)
	}
	nothingLeft(ts, false, nil)
}

func task(ts *testscript.TestScript, r *result.Result, id, want string) {
	verdict, place, _ := strings.Cut(want, "@")
	for _, t := range r.Tasks {
		if t.ID != id {
			continue
		}
		got := string(t.Verdict)
		if t.Status == result.Passed {
			got = "passed"
		}
		if !slices.Contains(strings.Split(verdict, "|"), got) {
			ts.Fatalf("task %s: got %s, want %s\n%s", id, got, verdict, t.Message)
		}
		if place != "" && place != here(ts, t) {
			ts.Fatalf("task %s: the learner is sent to %s:%d, want %s", id, t.File, t.Line, place)
		}
		return
	}
	ts.Fatalf("no task %s in the result", id)
}

// here names the place of a task: the comment // HERE on its line, or the number.
func here(ts *testscript.TestScript, t result.Task) string {
	if t.File == "" {
		return ""
	}
	lines := strings.Split(ts.ReadFile("steps/01/"+t.File), "\n")
	if t.Line > 0 && t.Line <= len(lines) && strings.HasSuffix(lines[t.Line-1], "// HERE") {
		return t.File + ":HERE"
	}
	return t.File + ":" + strconv.Itoa(t.Line)
}

// nothingLeft fails when a process still works inside the script's folder. One that has just
// been killed may take a moment to end.
func nothingLeft(ts *testscript.TestScript, _ bool, _ []string) {
	var left string
	for range 100 {
		if left = processIn(ts.Getenv("WORK")); left == "" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("a process is left: %s", left)
}

// processIn is the command line of a process that works in a folder, "" if there is none.
func processIn(folder string) string {
	procs, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, p := range procs {
		dir, err := os.Readlink(p)
		if err == nil && (dir == folder || strings.HasPrefix(dir, folder+"/")) {
			cmd, _ := os.ReadFile(filepath.Join(filepath.Dir(p), "cmdline"))
			return strings.ReplaceAll(string(cmd), "\x00", " ")
		}
	}
	return ""
}

// replaceText replaces a text that stands exactly once in a file: replace file old new.
func replaceText(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: replace file old new")
	}
	file := ts.MkAbs(args[0])
	data, err := os.ReadFile(file)
	ts.Check(err)
	if n := strings.Count(string(data), args[1]); n != 1 {
		ts.Fatalf("%q stands %d times in %s", args[1], n, args[0])
	}
	ts.Check(os.WriteFile(file, []byte(strings.Replace(string(data), args[1], args[2], 1)), 0o666))
}

// until waits for a file whose text matches a regular expression: until file regexp.
func until(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: until file regexp")
	}
	re, err := regexp.Compile(args[1])
	ts.Check(err)
	for range 1200 {
		if data, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && re.Match(data) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("a minute has passed, and %s does not match %s", args[0], args[1])
}
