package grade

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/scripts/internal/contract"
	"wsworkshop/scripts/internal/result"
	"wsworkshop/scripts/internal/suite"
)

func TestAFailureQuotesTheRulesThatItNames(t *testing.T) {
	one, two := result.Rule{ID: "6.a", Text: "One."}, result.Rule{ID: "6.ab", Text: "Two."}
	g := &grading{job: Job{Rules: contract.Contract{{ID: "6.a", Text: "One."}, {ID: "6.ab", Text: "Two."}, {ID: "6.c"}}}}
	test := suite.Test{Name: "TestA", Rules: []string{"6.a", "6.ab", "6.x"}}
	assert.Equal(t, []result.Rule{one, two}, g.rules(test, "6.a is no word of it"))
	assert.Equal(t, []result.Rule{two}, g.rules(test, "it came late (rule 6.ab)"))
	assert.Equal(t, []result.Rule{one, two}, g.rules(test, "it came late (rule 6.c)"), "the test does not guard that one")
	assert.Empty(t, g.rules(suite.Test{Name: "TestB"}, ""))
}
