package verify

import (
	"fmt"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/table"
)

// contract: each rule of the lesson's Contract has a test and a wrong variant, and that test
// refuses the variant. Proofs know which tests refuse a variant, so the row is made at each
// run, and a sentence of the lesson may change without any grading.
func (st *step) contract(wrong *row) *row {
	r := &row{name: "contract"}
	if st.rulesErr != nil {
		r.failed(st.rulesErr)
	}
	guards := st.guards(r)
	if len(st.rules) == 0 {
		r.skipped, r.note = true, "not yet converted: the Contract's rules have no ids"
	}
	st.brokenRules(r, wrong.claims)
	untested := 0
	for _, rule := range st.rules {
		switch {
		case rule.Untested != "":
			untested++
		case len(guards[rule.ID]) == 0:
			r.fault("%s: no test guards rule %s: write \"Rules: %s.\" above the one that does, or write a test", rule.Place(), rule.ID, rule.ID)
		}
	}
	if len(st.rules) > 0 {
		r.note = fmt.Sprintf("%s with a test and a wrong variant, %d not tested",
			table.Plural(len(st.rules)-untested, "rule"), untested)
	}
	r.finish = func([]*claim) []string { return st.unguarded(wrong.claims, guards) }
	return r
}

// guards lists the tests of each rule, and notes the tests that name no rule, or one that
// cannot be.
func (st *step) guards(r *row) map[string][]string {
	guards := map[string][]string{}
	for _, task := range st.suite.Tasks {
		for _, t := range task.Tests {
			place := fmt.Sprintf("%s:%d: %s", t.File, t.Line, t.Name)
			if len(t.Rules) == 0 && len(st.rules) > 0 {
				r.fault("%s names no rule: write \"Rules: …\" above it, with those of the Contract that it guards", place)
			}
			for _, id := range t.Rules {
				guards[id] = append(guards[id], t.Name)
				st.checkRule(r, place, id)
			}
		}
	}
	return guards
}

// brokenRules notes the wrong variants that name no rule, or one that cannot be, and the rules
// that no variant breaks.
func (st *step) brokenRules(r *row, claims []*claim) {
	broken := map[string]bool{}
	for _, c := range claims {
		id, place := c.variant.Breaks, c.variant.Name+".txtar"
		switch {
		case id != "":
			st.checkRule(r, place, id)
		case len(st.rules) > 0:
			r.fault("%s names no rule: write \"breaks: …\" with the one of the Contract that it breaks", place)
		}
		broken[id] = true
	}
	for _, rule := range st.rules {
		if rule.Untested == "" && !broken[rule.ID] {
			r.fault("%s: no wrong variant says \"breaks: %s\": does a test refuse what breaks it?", rule.Place(), rule.ID)
		}
	}
}

// checkRule notes who names a rule that there is not, or one that is marked as not tested.
func (st *step) checkRule(r *row, place, id string) {
	switch rule := st.rules.Find(id); {
	case rule == nil:
		r.fault("%s names rule %s, which the Contract of step %s does not have", place, id, st.id)
	case rule.Untested != "":
		r.fault("%s names rule %s, which is marked as not tested in %s", place, id, rule.Place())
	}
}

// unguarded lists the wrong variants that are refused, but by no test that guards the rule which
// they break. A variant that came out otherwise than it says has been told already.
func (st *step) unguarded(claims []*claim, guards map[string][]string) []string {
	var faults []string
	for _, c := range claims {
		tests := guards[c.variant.Breaks]
		if c.wrong != "" || len(tests) == 0 {
			continue
		}
		refused := c.refusedBy()
		if !slices.ContainsFunc(refused, func(test string) bool { return slices.Contains(tests, test) }) {
			faults = append(faults, table.Labelled("", fmt.Sprintf(
				"%s.txtar breaks rule %s, but the tests that refuse it do not guard that rule: %s. It is guarded by %s.",
				c.variant.Name, c.variant.Breaks, strings.Join(refused, ", "), strings.Join(tests, ", "))))
		}
	}
	return faults
}
