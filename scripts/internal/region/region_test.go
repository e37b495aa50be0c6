package region

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// Each archive holds a file, then what is made of it: `starter 6.1,6.2` with those tasks
// to be done, `clean` without marks.
func TestRenderings(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, name := range archives {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			require.NoError(t, err)
			in := archive.Files[0]
			f, err := Parse(in.Name, in.Data)
			require.NoError(t, err)
			for _, want := range archive.Files[1:] {
				assert.Equal(t, string(want.Data), rendered(f, want.Name), want.Name)
			}
		})
	}
}

func rendered(f *File, how string) string {
	if how == "clean" {
		return string(f.Clean())
	}
	tasks := strings.Split(strings.TrimSpace(strings.TrimPrefix(how, "starter")), ",")
	return string(f.Starter(func(task string) bool { return slices.Contains(tasks, task) }))
}

// Stub lines do not stay in what a later step has of a file, and nothing else changes.
func TestPlainIsStable(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		require.NoError(t, err)
		in := archive.Files[0]
		f, err := Parse(in.Name, in.Data)
		require.NoError(t, err)
		again, err := Parse(in.Name, f.Plain())
		require.NoError(t, err, name)
		assert.Equal(t, string(f.Plain()), string(again.Plain()), name)
	}
}

func TestFaultsAreNamedWithFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, file, src, want string }{
		{"unclosed", "a.js", "// task 6.2: Do.\ncode\n",
			`a.js:1: the region of task 6.2 is never closed: write "// end task 6.2" after its last line`},
		{"unclosed in HTML", "a.html", "<!-- task 6.2: Do. -->\n",
			`a.html:1: the region of task 6.2 is never closed: write "<!-- end task 6.2 -->" after its last line`},
		{"wrong end", "a.js", "// task 6.2: Do.\n// end task 6.3\n",
			`a.js:2: this ends task 6.3, but the innermost open region is that of task 6.2, begun in line 1`},
		{"end of nothing", "a.js", "\n// end task 6.3\n",
			`a.js:2: this ends task 6.3, but no region is open`},
		{"crossed", "a.js", "// task 6.2: Do.\n// task 6.3: Do.\n// end task 6.2\n// end task 6.3\n",
			`a.js:3: this ends task 6.2, but the innermost open region is that of task 6.3, begun in line 2`},
		{"in itself", "a.js", "// task 6.2: Do.\n// task 6.1, 6.2: Do.\n// end task 6.1, 6.2\n// end task 6.2\n",
			`a.js:2: a region of task 6.2 lies inside another of the same task, begun in line 1: close that one first`},
		{"no instruction", "a.js", "// task 6.2:\n",
			`a.js:1: this looks like a mark but is none: write "// task 6.2: What to do." or "// end task 6.2"`},
		{"end without the word", "a.js", "// task 6.2: Do.\n// End task 6.2\n// end task 6.2\n",
			`a.js:2: this looks like a mark but is none: write "// task 6.2: What to do." or "// end task 6.2"`},
		{"stub outside", "a.js", "//- code\n",
			`a.js:1: a stub line outside of any region: stub lines stand below "// task 6.2: What to do."`},
		{"spoiled by gofmt", "a.go", "package a\n\n// task 6.2: Do.\n// - func f() {}\n\nfunc f() {}\n\n// end task 6.2\n",
			`a.go:4: "// -" in a region: gofmt makes that of "//-" where it takes the mark for part of a doc comment; ` +
				`write "//-" again and leave a blank line between it and the declaration`},
		{"no blank", "a.go", "package a\n\nfunc f() {\n\t// task 6.2: Do.\n\t//-return\n\t// end task 6.2\n}\n",
			`a.go:5: a stub line needs a blank after its mark: write "//- return"`},
		{"doc comment below", "a.go", "package a\n\n// task 6.2: Do.\n\nfunc f() {}\n\n// end task 6.2\nfunc g() {}\n",
			`a.go:7: leave a blank line below the end of task 6.2, or the TODO becomes the doc comment of what follows`},
		{"doc comment above", "a.go", "package a\n\n// task 6.2: Do.\nfunc f() {}\n\n// end task 6.2\n",
			`a.go:3: leave a blank line below the mark of task 6.2, or it becomes the doc comment of what follows`},
		{"stub as doc comment", "a.go", "package a\n\n// task 6.2: Do.\n//- func f() {}\nfunc f() {}\n\n// end task 6.2\n",
			`a.go:4: leave a blank line below the stub of task 6.2, or gofmt spoils its marks`},
		{"not Go", "a.go", "package a\n\nfunc {\n", `a.go:3: this is not Go: expected 'IDENT', found '{'`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(c.file, []byte(c.src))
			require.Error(t, err)
			first, _, _ := strings.Cut(err.Error(), "\n")
			assert.Equal(t, c.want, first)
			var fault *Error
			assert.ErrorAs(t, err, &fault)
		})
	}
}

func TestFilesWithoutMarks(t *testing.T) {
	src := []byte("// task 6.2: Do.\n")
	for _, name := range []string{"README.md", "data.json", "a_test.go", "logo.png"} {
		f, err := Parse(name, src)
		require.NoError(t, err, name)
		assert.Empty(t, f.Regions, name)
		assert.Equal(t, string(src), string(f.Plain()), name)
		assert.False(t, Marked(name), name)
	}
	assert.True(t, Marked("deploy/nginx.conf"))
	assert.True(t, Marked("deploy/Dockerfile"))
}

func TestReplace(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/go.txtar")
	require.NoError(t, err)
	f, err := Parse("in.go", archive.Files[0].Data)
	require.NoError(t, err)

	got, err := f.Replace(map[int]string{0: "type limiter int\n", 2: "// Always.\nreturn now.IsZero()\n"})
	require.NoError(t, err)
	again, err := Parse("in.go", got)
	require.NoError(t, err)
	assert.Len(t, again.Regions, 4)
	assert.Equal(t, 1, strings.Count(string(got), "type limiter"))
	assert.Contains(t, string(got), "count.\n\n// Always.\nreturn now.IsZero()\n\t// end task 6.2\n")

	_, err = f.Replace(map[int]string{2: "", 3: ""})
	assert.EqualError(t, err, "in.go: the region of task 6.3 in line 34 lies inside that of task 6.2, which is replaced too")
}

func TestDeclarationsOfARegion(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/go.txtar")
	require.NoError(t, err)
	src := archive.Files[0].Data
	f, err := Parse("in.go", src)
	require.NoError(t, err)
	var got [][]string
	for i := range f.Regions {
		got = append(got, f.Decls(&f.Regions[i]))
	}
	assert.Equal(t, [][]string{
		{"limiter"}, {"limiter.allow"}, {"limiter.allow"}, {"limiter.allow"}, {"touch"},
	}, got)

	d, ok := FindDeclaration("in.go", src, "limiter")
	assert.True(t, ok)
	assert.Equal(t, Declaration{Name: "limiter", Doc: 10, Begin: 11, End: 13}, d)
	_, ok = FindDeclaration("in.go", src, "nobody")
	assert.False(t, ok)
}

func TestTODOIsFoundInBrokenFiles(t *testing.T) {
	src := []byte("package a\n\nfunc {\n\t// TODO(7.5, 7.8): Do.\n")
	assert.Equal(t, 4, TODO("a.go", src, "7.8"))
	assert.Equal(t, 0, TODO("a.go", src, "7.1"))
	assert.Equal(t, 1, TODO("a.html", []byte("<!-- TODO(3.1): Show. -->"), "3.1"))
}

func TestStrip(t *testing.T) {
	assert.Equal(t, "code\n", string(Strip("a.js", []byte("// task 1.1: Do\n// it.\ncode\n// end task 1.1\n"))))
	assert.Equal(t, "func {\ncode\n}\n", string(Strip("a.go", []byte("func {\n// task 1.1: Do.\ncode\n}\n"))))
}

// Whatever stands in a file, reading it ends in regions or in errors, and what is made of
// them can be read again.
func FuzzParse(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		require.NoError(f, err)
		f.Add(archive.Files[0].Name, archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		Strip(name, src)
		TODO(name, src, "1.1")
		file, err := Parse(name, src)
		if err != nil {
			return
		}
		file.Starter(func(task string) bool { return strings.HasSuffix(task, "1") })
		if bytes.ContainsRune(src, '\r') {
			return
		}
		_, err = Parse(name, file.Clean())
		if err != nil && len(file.Regions) > 0 && filepath.Ext(name) != ".go" {
			t.Errorf("the clean file cannot be read: %v", err)
		}
	})
}

func TestScriptDeclarations(t *testing.T) {
	src := []byte(`"use strict";

const CODES = {
  1000: "normal",
};

/** ChatClient connects. */
class ChatClient {
  #socket = null;

  constructor({ url }) {
    this.url = url;
  }

  async connect() {
    if (this.#socket) {
      return;
    }
    // task 1.4: Open it.
    this.#socket = new WebSocket(this.url);
    // end task 1.4
  }

  #enter(state) {
    this.state = state;
  }
}

// task 1.5: Take a line apart.
function parseLine(text) {
  return text;
}
// end task 1.5
`)
	f, err := Parse("web/chat.js", src)
	require.NoError(t, err)
	var got [][]string
	for i := range f.Regions {
		got = append(got, f.Decls(&f.Regions[i]))
	}
	assert.Equal(t, [][]string{{"ChatClient.connect"}, {"parseLine"}}, got)
	for line, want := range map[int]string{1: "", 4: "CODES", 9: "ChatClient", 17: "ChatClient.connect", 25: "ChatClient.#enter", 31: "parseLine"} {
		got, _ := Around("web/chat.js", src, line)
		assert.Equal(t, want, got, "around line %d", line)
	}
	d, _ := FindDeclaration("web/chat.js", src, "ChatClient")
	assert.Equal(t, Declaration{Name: "ChatClient", Doc: 7, Begin: 8, End: 27}, d)
}
