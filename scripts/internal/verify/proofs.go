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

// record writes down what came out as wanted, and tells how much had to be graded. A
// specimen that did not come out as wanted loses its line, whatever the line said.
func (l *lab) record(st *step, rows []*row) table.Row {
	var committed, memory []proof.Line
	if st.built != "" {
		memory = append(memory, proof.Prove("released", l.knowledge.here(st.built), nil))
	}
	for _, r := range rows {
		for _, c := range r.claims {
			switch {
			case !c.holds():
			case r.committed:
				committed = append(committed, c.line(st.known.committed, r.finish != nil))
			default:
				memory = append(memory, proof.Prove(c.specimen.name, l.knowledge.here(c.inputs), nil))
			}
		}
	}
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
	l.count(func(s *Summary) { s.Taken += st.tally.taken; s.Remembered += st.tally.remembered })
	return shown
}

// header begins each committed proof.
const header = `# What make verify has proved of step %s: a specimen, a digest of all that its grading depends
# on, and the tests that refuse a wrong variant. make verify writes this file: see CONTRIBUTING.md.
`

// holds reports whether a claim came out as wanted, in the way that counts: a specimen that
// needs the race detector proves nothing without it.
func (c *claim) holds() bool {
	if c.proved != nil {
		return true
	}
	f := c.specimen.finding
	return c.wrong == "" && (!c.specimen.race || f.result.Race)
}

// line is the claim's line in the committed proof. One that still holds stays as it is, even
// if this time a race made another test fail: a proof does not change without a reason.
func (c *claim) line(known proof.Proof, tests bool) proof.Line {
	if line, ok := known.Find(c.specimen.name, c.inputs); ok {
		return line
	}
	if !tests {
		return proof.Prove(c.specimen.name, c.inputs, nil)
	}
	return proof.Prove(c.specimen.name, c.inputs, c.refusedBy())
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
