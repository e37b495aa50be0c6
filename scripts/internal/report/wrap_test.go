package report

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrapKeepsWhatIsReadAsOne(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"short lines":    {"one two\n\n  three", "one two\n\n  three"},
		"at spaces":      {"one two three four five six", "one two three four\nfive six"},
		"indentation":    {"  one two three four five", "  one two three four\n  five"},
		"a time":         {"joined at 2000-01-01T00:00:00Z sharp", "joined at\n2000-01-01T00:00:00Z\nsharp"},
		"a quoted text":  {`he should say "it is I" now`, "he should say\n\"it is I\" now"},
		"an escape":      {`he should say "a \" b c" now`, "he should say\n\"a \\\" b c\" now"},
		"a command":      {"so then type `git add` here", "so then type\n`git add` here"},
		"two spaces":     {`he should say "it  is" now`, "he should say\n\"it  is\" now"},
		"a JSON object":  {`then {"a":"b c","d":1} came`, "then\n{\"a\":\"b c\",\"d\":1}\ncame"},
		"a long quote":   {`"one two three four five six"`, "\"one two three four\nfive six\""},
		"an open quote":  {`a 3" pipe of one two three four`, "a 3\" pipe of one two\nthree four"},
		"a long word":    {"see one-very-long-word-without-spaces", "see\none-very-long-word-without-spaces"},
		"got and want":   {`bob got "one two", want "three"`, "bob got\n  \"one two\"\nwant\n  \"three\""},
		"a short side":   {`Allow("ana") at 2.5s = true, want no`, "Allow(\"ana\") at 2.5s\n= true, want no"},
		"a short result": {`bob got 1, want 2`, "bob got 1, want 2"},
		"a call":         {"  Rooms() = [ana, bob], want [ana]", "  Rooms() =\n    [ana, bob]\n  want\n    [ana]"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, wrap(c.text, 20)) })
	}
}
