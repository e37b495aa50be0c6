package report_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/report"
	"wsworkshop/scripts/internal/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares what write writes with testdata/name.
func golden(t *testing.T, name string, write func(w *bytes.Buffer) error) {
	t.Helper()
	var got bytes.Buffer
	require.NoError(t, write(&got))
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, got.Bytes(), 0o666))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "%s: go test ./internal/report -update writes it anew", file)
}

// half is a step in the middle of the work.
func half() *result.Result {
	r := &result.Result{
		Step: "05", Title: "Heartbeat and connection health", RealMS: 430, VirtualMS: 190_000, Race: true, Dir: "steps/05",
		Notes: []string{"heartbeat_test.go is changed here: the workshop's own suite was graded. `git checkout -- steps/05/heartbeat_test.go` brings it back."},
		Tasks: []result.Task{
			{ID: "5.1", Title: "Every connection knows who and since when.", Points: 15, Status: result.Passed},
			{ID: "5.2", Title: "Heartbeats start and stop with the connection, also when a hundred connections come and go.", Points: 20, Status: result.Passed},
			{
				ID: "5.3", Title: "A heartbeat goes out every 30 s.", Points: 20, Status: result.Failed, Verdict: result.Wrong,
				Message: "alice should have got a heartbeat within 30s of joining; nothing came in 60s.",
				Test:    "TestHeartbeat", File: "heartbeat.go", Line: 17,
				Rules: []result.Rule{{ID: "5.c", Text: "A heartbeat comes at most HeartbeatInterval after joining, and every HeartbeatInterval from then on."}},
				Failure: &result.Failure{
					SuiteFile: "heartbeat_test.go", SuiteLine: 41,
					Timeline: "       0s  alice ──▶ GET /ws/alice?room_id=lobby\n      60s    │   (silence)",
					Output:   []string{"starting the ticker", "ticker stopped"},
				},
			},
			{
				ID: "5.4", Title: "A silent client is closed.", Points: 25, Status: result.Failed, Verdict: result.Panic, After: []string{"5.3"},
				Message: "panic: runtime error: invalid memory address, 100% of the time\nin (*Hub).run", Test: "TestSilence", File: "hub.go", Line: 9,
				Rules: []result.Rule{{ID: "5.d", Text: "One."}, {ID: "5.e", Text: "Two."}, {ID: "5.f", Text: "Three."}},
				Failure: &result.Failure{SuiteFile: "silence_test.go", SuiteLine: 12, HintTask: "5.2", Stack: []result.Frame{
					{Func: "(*Hub).kick", File: "hub.go", Line: 9}, {Func: "(*Hub).run", File: "hub.go", Line: 31},
				}},
			},
			{
				ID: "5.5", Title: "Any message counts as a sign of life.", Points: 20, Status: result.Failed, Verdict: result.Timeout, After: []string{"5.2", "5.3", "5.4"},
				Message: "not run: the tests before it took all the time there is. Mend those first.", Test: "TestSign",
			},
		},
	}
	r.Settle()
	return r
}

func full() *result.Result {
	r := half()
	r.Notes = nil
	r.Race, r.RaceOff = false, `C compiler "gcc" not found`
	for i := range r.Tasks {
		t := &r.Tasks[i]
		*t = result.Task{ID: t.ID, Title: t.Title, Points: t.Points, Status: result.Passed, After: t.After}
	}
	r.Settle()
	return r
}

// remarked is a step on which a reviewer has something to say.
func remarked() *result.Result {
	r := full()
	r.Race, r.RaceOff = true, ""
	r.Remarks = []result.Remark{
		{File: "heartbeat.go", Line: 17, Text: "Nothing can end time.Sleep early, so everything that waits for this code, such as Close, waits too. Use a timer in a select, beside the channel that says that it is over."},
		{File: "hub.go", Line: 9, Text: "TODO(5.3) is done, but still says that it is to do. Remove the comment."},
	}
	return r
}

// task is the result of one task that passes.
func task() *result.Result {
	r := full()
	r.Race, r.RaceOff = true, ""
	r.Tasks = r.Tasks[2:3]
	r.Settle()
	return r
}

func broken() *result.Result {
	r := half()
	r.Compile = []string{"steps/05/hub.go:9:2: undefined: nonsense", "", "The suite (hub_test.go:9) does not fit the step."}
	for i := range r.Tasks {
		t := &r.Tasks[i]
		t.Status, t.Verdict, t.Message, t.File, t.Line = result.Failed, result.Compile, "hub.go:9:2: undefined: nonsense", "hub.go", 9
	}
	r.Settle()
	return r
}

// hard is a step in hard mode that lacks names of the Contract.
func hard() *result.Result {
	r := half()
	r.Hard, r.Notes = true, nil
	r.Compile = []string{"steps/05/stale_test.go:13:26: unknown field StaleAfter in struct literal of type chat.Config"}
	r.Lacks = "Config.StaleAfter, Member.LastSeen and package client"
	t := &r.Tasks[3]
	t.Verdict, t.Message = result.Compile, "The suite uses Config.StaleAfter, which the step does not have."
	t.Failure = &result.Failure{SuiteFile: "stale_test.go", SuiteLine: 12, NotRun: true}
	return r
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name   string
		format report.Format
		result *result.Result
		opts   report.Options
	}{
		{"half.txt", report.Text, half(), report.Options{}},
		{"half_all.txt", report.Text, half(), report.Options{All: true}},
		{"half_reference.txt", report.Text, half(), report.Options{Reference: true}},
		{"full.txt", report.Text, full(), report.Options{Next: "06"}},
		{"full_last.txt", report.Text, full(), report.Options{}},
		{"task.txt", report.Text, task(), report.Options{Next: "06", OneTask: true}},
		{"task_next.txt", report.Text, task(), report.Options{Next: "06", OneTask: true, NextTask: "5.4"}},
		{"full_reference.txt", report.Text, full(), report.Options{Reference: true}},
		{"broken.txt", report.Text, broken(), report.Options{}},
		{"hard.txt", report.Text, hard(), report.Options{}},
		{"hard.json", report.JSON, hard(), report.Options{}},
		{"half.json", report.JSON, half(), report.Options{}},
		{"remarked.txt", report.Text, remarked(), report.Options{Next: "06"}},
		{"remarked.json", report.JSON, remarked(), report.Options{}},
		{"full.json", report.JSON, full(), report.Options{}},
		{"half.xml", report.JUnit, half(), report.Options{}},
		{"half.github", report.GitHub, half(), report.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name, func(w *bytes.Buffer) error { return report.Write(w, c.format, c.result, c.opts) })
		})
	}
}

func TestTheTaskThatFailedLastTimeIsToldFirst(t *testing.T) {
	golden(t, "first_fails.txt", func(w *bytes.Buffer) error { return report.First(w, &half().Tasks[2]) })
	golden(t, "first_passes.txt", func(w *bytes.Buffer) error { return report.First(w, &full().Tasks[2]) })
}

func TestAllStepsForPrograms(t *testing.T) {
	all := []*result.Result{full(), half()}
	golden(t, "all.json", func(w *bytes.Buffer) error { return report.WriteAll(w, report.JSON, all) })
	golden(t, "all.xml", func(w *bytes.Buffer) error { return report.WriteAll(w, report.JUnit, all) })
	var doc any
	require.NoError(t, xml.Unmarshal(read(t, "all.xml"), &struct {
		XMLName xml.Name `xml:"testsuites"`
		Any     []any    `xml:",any"`
	}{}), "%v", doc)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

func TestProgress(t *testing.T) {
	day := time.Date(2026, 3, 1, 9, 30, 0, 0, time.Local)
	golden(t, "progress.txt", func(w *bytes.Buffer) error {
		return report.Progress(w, []report.ProgressRow{
			{Step: "01", Title: "Hello WebSocket", Score: 100, Best: 100, Graded: true, LastAt: day},
			{Step: "02", Title: "Many clients, one of which has a name that does not fit", Score: 40, Best: 65, Graded: true, LastAt: day},
			{Step: "03", Title: "Identity and rooms"},
			{Step: "04", Title: "Messages that many programs understand", Score: 40, Best: 65, Graded: true, Hard: true, LastAt: day},
		})
	})
}

func TestDurationsReadAsPeopleSayThem(t *testing.T) {
	for ms, want := range map[int64]string{
		0: "0.0 s", 430: "0.4 s", 59_900: "59.9 s", 190_000: "3 min 10 s", 5_400_000: "1 h 30 min",
	} {
		require.Equal(t, want, report.Duration(ms), "Duration(%d)", ms)
	}
}
