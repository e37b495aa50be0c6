package diff

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

var (
	solution = files.Set{
		"hub.go": []byte(`package chat

// Join adds a name.
func (h *Hub) Join(name string) {
	// task 1.1: Remember the name.
	h.names = append(h.names, name)
	// end task 1.1
}

func other() {}
`),
		"same.go":    []byte("package chat\n"),
		"a_test.go":  []byte("suite"),
		"web/a.html": []byte("<p>\n  <!-- task 1.1: Show. -->\n  <b></b>\n  <!-- end task 1.1 -->\n</p>\n"),
	}
	reference = files.Set{
		"hub.go": []byte(`package chat

// Join adds a name.
func (h *Hub) Join(name string) {
	h.names = append(h.names, name)
}

func other() {}
`),
		"same.go":    []byte("package chat\n"),
		"a_test.go":  []byte("suite"),
		"web/a.html": []byte("<p>\n  <b></b>\n</p>\n"),
	}
	mine = files.Set{
		"mine.go": []byte(`package chat

// Join adds a name.
func (h *Hub) Join(name string) {
	// TODO(1.1): Remember the name.
}
`),
		"same.go":    []byte("package chat\n"),
		"README.md":  []byte("lesson"),
		"web/a.html": []byte("<p>\n  <!-- TODO(1.1): Show. -->\n</p>\n"),
	}
)

func TestTask(t *testing.T) {
	pairs, err := Task("1.1", mine, reference, solution)
	require.NoError(t, err)
	require.Len(t, pairs, 2)
	assert.Equal(t, "Hub.Join", pairs[0].Title)
	assert.Equal(t, "mine.go", pairs[0].File)
	assert.Equal(t, 4, pairs[0].Line)
	assert.Equal(t, ` // Join adds a name.
 func (h *Hub) Join(name string) {
-	// TODO(1.1): Remember the name.
+	h.names = append(h.names, name)
 }
`, pairs[0].Unified())
	assert.Equal(t, "web/a.html", pairs[1].Title)
	assert.Equal(t, `--- yours
+++ reference
@@ -1,3 +1,3 @@
 <p>
-  <!-- TODO(1.1): Show. -->
+  <b></b>
 </p>
`, pairs[1].Unified())
}

func TestTaskOfAMissingDeclaration(t *testing.T) {
	pairs, err := Task("1.1", files.Set{"hub.go": []byte("broken")}, reference, solution)
	require.NoError(t, err)
	assert.Zero(t, pairs[0].Line)
	assert.Equal(t, "hub.go", pairs[0].File)
	assert.Contains(t, pairs[0].Unified(), "+func (h *Hub) Join(name string) {\n")
}

func TestWhole(t *testing.T) {
	var titles []string
	for _, p := range Whole(mine, reference) {
		titles = append(titles, p.Title)
	}
	assert.Equal(t, []string{"hub.go", "mine.go", "web/a.html"}, titles)
}
