package grade

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proc"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

// hanging is a step of four tasks; a goroutine of its hub.go keeps TestThree from its end.
func hanging() *grading {
	tasks := []suite.Task{
		{ID: "2.1", Tests: []suite.Test{{Name: "TestOne"}, {Name: "TestOneMore"}}},
		{ID: "2.2", Tests: []suite.Test{{Name: "TestTwo"}}},
		{ID: "2.3", Tests: []suite.Test{{Name: "TestZero"}, {Name: "TestThree"}}, After: []string{"2.1"}},
		{ID: "2.4", Tests: []suite.Test{{Name: "TestFour"}}, After: []string{"2.3"}},
	}
	g := &grading{
		job:      Job{Dir: "/home/me/steps/02", Root: "/home/me", Limits: Limits{}.withDefaults()},
		module:   files.Set{"hub.go": []byte("package chat\n\nfunc (h *hub) sweep() {\n\tfor range h.ticker.C {\n\t}\n}\n")},
		suite:    &suite.Suite{Step: "02", Tasks: tasks},
		tasks:    tasks,
		outcomes: map[string]*outcome{},
	}
	g.outcomes["TestThree"] = &outcome{test: "TestThree", died: exited, told: &told{
		Verdict: result.Frozen, Message: "frozen: something wakes up all the time",
		At: []result.Frame{{Func: "wsworkshop/steps/02.(*hub).sweep", File: "/home/me/steps/02/hub.go", Line: 4}},
	}}
	return g
}

func TestOnceATestHasHungTasksAreRunOneByOne(t *testing.T) {
	g := hanging()
	require.Equal(t, []string{"TestOne", "TestOneMore", "TestTwo", "TestZero", "TestFour"}, g.next(g.pending(), nil), "before")
	g.giveUp(g.without(g.suite.Task("2.3")), "TestThree")
	slow := []string{"2.3"}
	require.Equal(t, []string{"TestOne", "TestOneMore"}, g.next(g.pending(), slow), "what others build on comes first")
	g.giveUp([]string{"TestOne", "TestOneMore", "TestTwo"}, "TestThree")
	require.Equal(t, []string{"TestFour"}, g.next(g.pending(), slow), "what builds on the one that hung comes last")
}

func TestWhatWasNotRunLeadsToTheTestThatHung(t *testing.T) {
	g := hanging()
	g.giveUp(g.pending(), "TestThree")
	r := g.verdicts()

	first := r.FirstFailure()
	require.Equal(t, "2.3", first.ID, "the task that hung, though others come before it")
	require.Equal(t, "TestThree", first.Test, "the test that hung, though another was given up for it")
	require.Equal(t, "frozen: something wakes up all the time", first.Message)

	one := r.Tasks[0]
	require.Equal(t, "not run: TestThree (task 2.3) hung, and took the time that there is. Mend that first:\n"+
		"frozen: something wakes up all the time", one.Message)
	require.Equal(t, result.Timeout, one.Verdict)
	require.Equal(t, "hub.go", one.File)
	require.Equal(t, 4, one.Line)
}

func TestATestThatWasStoppedTellsWhoWasAtWork(t *testing.T) {
	g := hanging()
	o := &outcome{test: "TestTwo", died: stopped}
	o.print("SIGQUIT: quit\n\ngoroutine 7 [chan receive]:\nmain.x()\n\t/home/me/steps/02/hub.go:3 +0x1\n\n" +
		"goroutine 8 [runnable, synctest bubble 1]:\nwsworkshop/steps/02.(*hub).sweep(0x1)\n\t/home/me/steps/02/hub.go:4 +0x1\n")
	f := g.judge(o)
	require.Equal(t, "the test had not ended after 9s of real time, and was stopped.\nhub.go:4, in (*hub).sweep, was at work then.", f.message)
	require.Equal(t, 4, f.stack[0].Line)
}

func TestTimeWithoutAProcessorIsNotTheProgramsOwn(t *testing.T) {
	const tick = 60 * time.Millisecond
	for _, c := range []struct {
		name        string
		had, wanted time.Duration
		want        time.Duration
	}{
		{"all to itself", 60, 0, 60 * time.Millisecond},
		{"shares with two others", 20, 40, 20 * time.Millisecond},
		{"gets none", 0, 60, 0},
		{"waits for something else", 0, 0, 60 * time.Millisecond},
		{"nothing is known, a thread has ended", -1000, -1000, 60 * time.Millisecond},
	} {
		e := effort{last: proc.Processors{Had: time.Second, Wanted: time.Second}}
		now := proc.Processors{Had: time.Second + c.had*time.Millisecond, Wanted: time.Second + c.wanted*time.Millisecond}
		require.Equal(t, c.want, e.of(tick, now), c.name)
	}
}

func TestPatienceWithABusyMachineEnds(t *testing.T) {
	s := &session{since: time.Now()}
	require.False(t, s.tooLong(time.Second, 2*time.Second))
	require.True(t, s.tooLong(1001*time.Millisecond, 2*time.Second), "it has worked for longer")
	s = &session{since: time.Now().Add(-9 * time.Second)}
	require.True(t, s.tooLong(0, 2*time.Second), "it waits for a processor, but not for ever")
}
