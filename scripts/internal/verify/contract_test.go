package verify

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/proof"
	"wsworkshop/scripts/internal/table"
	"wsworkshop/scripts/internal/variant"
)

// refused is the claim of a wrong variant that these tests refuse.
func refused(name, breaks string, tests ...string) *claim {
	return &claim{
		specimen: &specimen{name: name}, variant: &variant.Variant{Name: name, Breaks: breaks},
		proved: &proof.Line{Refused: tests},
	}
}

func TestAStepWithoutIDsIsNotConverted(t *testing.T) {
	st := chain()
	wrong := &row{claims: []*claim{refused("wrong-a", "", "TestA")}}
	st.solution = files.Set{"given.go": []byte("package chat\n")}
	wrong.claims[0].specimen.files = files.Set{"given.go": []byte("package chat\n\nvar x int\n")}
	assert.Equal(t, table.Row{Name: "contract", State: table.Skipped, Note: "not yet converted: the Contract's rules have no ids"},
		st.contract(wrong).judge())
	assert.Equal(t, table.Row{Name: "heart", State: table.Skipped,
		Note: "0 % of 1 wrong variant change only this step's regions; a converted step needs 80 %"}, st.heart(wrong).judge())
}

func TestAnIDThatNoContractHasIsAFault(t *testing.T) {
	st := chain()
	st.suite.Tasks[0].Tests[0].Rules = []string{"1.a"}
	shown := st.contract(&row{claims: []*claim{refused("wrong-a", "1.b", "TestA")}}).judge()
	assert.Equal(t, []string{
		"  a_test.go:3: TestA names rule 1.a, which the Contract of step 01 does not have\n",
		"  wrong-a.txtar names rule 1.b, which the Contract of step 01 does not have\n",
	}, shown.Details)
}

func TestAVariantThatIsRefusedWithoutItsRule(t *testing.T) {
	st := chain()
	guards := map[string][]string{"1.a": {"TestA"}}
	told := refused("wrong-c", "1.a", "TestB")
	told.wrong = "it passes"
	assert.Equal(t, []string{
		"  wrong-b.txtar breaks rule 1.a, but the tests that refuse it do not guard that\n  rule: TestB. It is guarded by TestA.\n",
	}, st.unguarded([]*claim{refused("wrong-a", "1.a", "TestB", "TestA"), refused("wrong-b", "1.a", "TestB"), told}, guards))
}

const heartSource = `package chat

import "time"

type server struct{ now time.Time }

func (s *server) note() {
	// task 1.1: Note the time.
	//- _ = s.now
	s.now = time.Now()
	// end task 1.1
}

func (s *server) other() {}
`

func TestWhatLiesInTheRegionsOfTheStep(t *testing.T) {
	st := &step{id: "01", solution: files.Set{"server.go": []byte(heartSource), "page.css": []byte("a {}\n")}}
	for _, c := range []struct {
		name, file, old, new string
		want                 bool
	}{
		{"inside", "server.go", "s.now = time.Now()", "s.now = time.Time{}", true},
		{"inside, with another import", "server.go", "import \"time\"\n", "import (\n\t\"os\"\n\t\"time\"\n)\n", true},
		{"inside, with no import", "server.go", "import \"time\"\n", "", true},
		{"a field", "server.go", "now time.Time }", "now, then time.Time }", false},
		{"another function", "server.go", "other() {}", "other() { s.note() }", false},
		{"an earlier step's region", "server.go", "1.1", "0.1", false},
		{"a file without regions", "page.css", "a {}", "b {}", false},
		{"a new file", "new.go", "", "package chat\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := st.solution.Clone()
			changed[c.file] = bytes.ReplaceAll(changed[c.file], []byte(c.old), []byte(c.new))
			assert.Equal(t, c.want, st.inRegions(changed))
		})
	}
	assert.True(t, st.inRegions(st.solution.Clone()))
	assert.False(t, st.inRegions(files.Set{"server.go": []byte(heartSource)}), "a file that is removed")
}
