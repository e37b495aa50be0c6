package verify

import (
	"fmt"
	"path/filepath"

	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/release"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/workspace"
)

// proofs spare gradings. The committed one is the same for everybody. The memory is this
// machine's own and has what each clone makes for itself.
type proofs struct{ committed, memory proof.Proof }

// tally counts what became of a step's claims.
type tally struct{ redone, sampled, taken, remembered int }

func (l *lab) committedFile(id workspace.Step) string {
	return filepath.Join(l.opts.Root.SolutionDir(id), release.Proven)
}

func (l *lab) read(id workspace.Step) proofs {
	return proofs{committed: proof.Read(l.committedFile(id)), memory: proof.Read(l.knowledge.memory(id))}
}

// spare looks for proofs of all claims.
func (l *lab) spare(st *step, rows []*row) {
	for _, r := range rows {
		for _, c := range r.claims {
			c.inputs = l.knowledge.inputs(st, c)
			c.proved = l.spared(st, r.committed, c.specimen.name, c.inputs)
		}
	}
}

// spared returns the line that spares a grading, nil if it is to be made.
func (l *lab) spared(st *step, committed bool, name, inputs string) *proof.Line {
	count := &st.tally.remembered
	line, ok := st.known.memory.Find(name, l.knowledge.here(inputs))
	if committed {
		count = &st.tally.taken
		line, ok = st.known.committed.Find(name, inputs)
	}
	switch {
	case !ok, l.opts.All:
		st.tally.redone++
	case l.opts.sampled(st.id, name):
		st.tally.redone++
		st.tally.sampled++
	default:
		*count++
		return &line
	}
	return nil
}

// here makes inputs those of this machine.
func (k *knowledge) here(inputs string) string { return digest(k.machine, inputs) }

// record writes what came out as wanted into both proofs, and tells how much was graded. A
// specimen that did not come out as wanted loses its line.
func (l *lab) record(st *step, rows []*row) table.Row {
	var committed, memory []proof.Line
	if st.built != "" {
		memory = append(memory, proof.Prove("released", l.knowledge.here(st.built), nil))
	}
	for _, r := range rows {
		for _, c := range r.claims {
			if r.committed {
				committed = append(committed, c.lines(st.known.committed, c.inputs, r.finish != nil)...)
			} else {
				memory = append(memory, c.lines(st.known.memory, l.knowledge.here(c.inputs), false)...)
			}
		}
	}
	l.count(func(s *Summary) { s.Taken += st.tally.taken; s.Remembered += st.tally.remembered })
	shown := table.Row{Name: "proof", Note: st.tally.String()}
	changed, err := proof.Write(l.committedFile(st.id), fmt.Sprintf(header, st.id), committed)
	if err == nil {
		_, err = proof.Write(l.knowledge.memory(st.id), "", memory)
	}
	switch {
	case err != nil:
		shown.State, shown.Details = table.Failed, []string{err.Error()}
	case changed:
		shown.Note += fmt.Sprintf("\nsolutions/%s/%s has changed: commit it", st.id, release.Proven)
	}
	return shown
}

// header begins each committed proof.
const header = `# What make verify has proved of step %s: a specimen, a digest of all that its grading depends
# on, and the tests that refuse a wrong variant. make verify writes this file: see CONTRIBUTING.md.
`

// lines are the claim's line, or none where it is not proved. A line that still holds stays as
// it is, even if another test failed this time: a proof changes only for a reason. A specimen
// that needs the race detector proves nothing new without it.
func (c *claim) lines(known proof.Proof, inputs string, tests bool) []proof.Line {
	name := c.specimen.name
	line, ok := known.Find(name, inputs)
	switch {
	case c.wrong != "":
		return nil
	case ok:
		return []proof.Line{line}
	case c.specimen.race && !c.specimen.finding.result.Race:
		return nil
	case tests:
		return []proof.Line{proof.Prove(name, inputs, c.refusedBy())}
	}
	return []proof.Line{proof.Prove(name, inputs, nil)}
}

func (t tally) String() string {
	text := fmt.Sprintf("%d redone", t.redone)
	if t.sampled > 0 {
		text += fmt.Sprintf(", %d of them at random", t.sampled)
	}
	if t.taken > 0 {
		text += fmt.Sprintf("; %d taken from %s", t.taken, release.Proven)
	}
	if t.remembered > 0 {
		text += fmt.Sprintf("; %d remembered by this machine", t.remembered)
	}
	return text
}
