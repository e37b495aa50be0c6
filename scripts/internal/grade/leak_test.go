package grade

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// leaking is a step of three tasks under whose tests the same goroutine leaks; hub is its
// hub.go.
func leaking(hub string) *grading {
	tasks := []suite.Task{
		{ID: "2.1", Tests: []suite.Test{{Name: "TestOne"}}},
		{ID: "2.2", Tests: []suite.Test{{Name: "TestTwo"}, {Name: "TestTwoMore"}}},
		{ID: "2.3", Tests: []suite.Test{{Name: "TestThree"}}},
	}
	reference := "package chat\n\nfunc (h *hub) run() {\n\t// task 2.2: Run.\n\tprintln()\n\t// end task 2.2\n}\n"
	g := &grading{
		job:      Job{Dir: "/home/me/steps/02", Reference: files.Set{"hub.go": []byte(reference)}},
		module:   files.Set{"hub.go": []byte(hub)},
		suite:    &suite.Suite{Step: "02", Tasks: tasks},
		tasks:    tasks,
		outcomes: map[string]*outcome{},
	}
	for _, name := range []string{"TestOne", "TestTwo", "TestTwoMore", "TestThree"} {
		g.outcomes[name] = &outcome{test: name, ended: true, told: &told{
			Verdict: result.Leak, Message: "1 goroutine is left behind",
			At: []result.Frame{{Func: "wsworkshop/steps/02.(*hub).run.func1", File: "/home/me/steps/02/hub.go", Line: 5}},
		}}
	}
	return g
}

// charged lists the tests that still fail.
func (g *grading) charged() []string {
	g.chargeLateFaultsOnce()
	var names []string
	for _, task := range g.tasks {
		for _, t := range task.Tests {
			if !g.outcomes[t.Name].ok() {
				names = append(names, t.Name)
			}
		}
	}
	return names
}

func TestALeakIsChargedToTheTaskWhoseLinesLeak(t *testing.T) {
	require.Equal(t, []string{"TestTwo", "TestTwoMore"}, leaking("package chat\n").charged())
}

func TestALeakIsChargedToATaskThatIsNotWritten(t *testing.T) {
	require.Equal(t, []string{"TestThree"}, leaking("package chat\n\n// TODO(2.3): Stop.\n").charged())
}

func TestATaskThatFailsAnyhowPaysForALeak(t *testing.T) {
	g := leaking("package chat\n\n// TODO(2.3): Stop.\n")
	g.outcomes["TestThree"].told.Verdict = result.Wrong
	require.Equal(t, []string{"TestThree"}, g.charged())
}

func TestALeakInPlacesThatNobodyKnowsCostsTheLast(t *testing.T) {
	g := leaking("package chat\n")
	g.job.Reference = nil
	require.Equal(t, []string{"TestThree"}, g.charged())
}

func TestAPanicInCleanupIsChargedOnce(t *testing.T) {
	g := leaking("package chat\n")
	for _, o := range g.outcomes {
		o.told.Verdict, o.told.Late = result.Panic, true
	}
	require.Equal(t, []string{"TestTwo", "TestTwoMore"}, g.charged())
}

func TestAPanicInTheTestItselfIsChargedEachTime(t *testing.T) {
	g := leaking("package chat\n")
	for _, o := range g.outcomes {
		o.told.Verdict = result.Panic
	}
	require.Len(t, g.charged(), 4)
}

func TestALeakUnderOneTaskIsThatTasks(t *testing.T) {
	g := leaking("package chat\n")
	for _, name := range []string{"TestOne", "TestTwo", "TestTwoMore"} {
		g.outcomes[name] = &outcome{test: name, ended: true, passed: true}
	}
	require.Equal(t, []string{"TestThree"}, g.charged())
}

func TestHintsAreThoseOfTheTaskWhoseCodeIsAtFault(t *testing.T) {
	g := leaking("package chat\n")
	inRun := []result.Frame{{Func: "(*hub).run.func1", File: "hub.go", Line: 5}}
	require.Equal(t, "2.2", g.otherTask("2.1", inRun))
	require.Empty(t, g.otherTask("2.2", inRun), "the task itself")
	require.Empty(t, g.otherTask("2.1", []result.Frame{{Func: "main", File: "main.go", Line: 1}}), "nobody's code")
	require.Empty(t, g.otherTask("2.1", nil))
}
