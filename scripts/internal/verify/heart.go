package verify

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"wsworkshop/scripts/internal/files"
	"wsworkshop/scripts/internal/region"
	"wsworkshop/scripts/internal/table"
)

// leastHeart is how many of a hundred wrong variants must change only what the learner writes.
const leastHeart = 80

// heart: the learner writes what makes the step hard. A wrong variant that changes anything
// but this step's regions shows a mistake that the starter makes impossible.
func (st *step) heart(wrong *row) *row {
	r := &row{name: "heart"}
	var outside []string
	for _, c := range wrong.claims {
		if !st.inRegions(c.specimen.files) {
			outside = append(outside, c.specimen.name)
		}
	}
	all := len(wrong.claims)
	share := 100 * (all - len(outside)) / max(all, 1)
	r.note = fmt.Sprintf("%d %% of %s change only this step's regions", share, table.Plural(all, "wrong variant"))
	switch {
	case len(st.rules) == 0:
		r.skipped = true
		r.note += fmt.Sprintf("; a converted step needs %d %%", leastHeart)
	case share < leastHeart:
		r.fault("%s: at least %d %% must, so that the learner writes what can go wrong. These change more: %s",
			r.note, leastHeart, strings.Join(outside, ", "))
	}
	return r
}

// inRegions reports whether a changed solution differs from the solution in nothing but this
// step's regions, in imports, which follow what stands there, and in new files, which a learner
// may add.
func (st *step) inRegions(changed files.Set) bool {
	for name, src := range st.solution {
		have, ok := changed[name]
		if !ok || !bytes.Equal(src, have) && st.given(name, src) != st.given(name, have) {
			return false
		}
	}
	return true
}

var importRE = regexp.MustCompile(`(?ms)^import (?:\(.*?^\)|[^\n]*)$`)

// given is what a file has outside of this step's regions, without imports and layout.
func (st *step) given(name string, src []byte) string {
	f, err := region.Parse(name, src)
	if err != nil {
		return string(src)
	}
	outside := f.Outside(st.mine)
	if strings.HasSuffix(name, ".go") {
		outside = importRE.ReplaceAll(outside, nil)
	}
	return strings.Join(strings.Fields(string(outside)), " ")
}
