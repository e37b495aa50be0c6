package files

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMoved(t *testing.T) {
	const text = "package chat\n\nconst a = 1\n\nconst b = 2\n\nconst c = 3\n"
	before := Set{
		"type.go":  []byte(text),
		"hub.go":   []byte("package chat\n\ntype hub struct{}\n"),
		"gone.go":  []byte("package chat\n\nvar gone int\n"),
		"empty.go": nil,
	}
	after := Set{
		"hub.go":        []byte(text), // it was there before
		"wire/other.go": []byte("package wire\n\nconst a = 1\n\nconst x = 2\n\nconst y = 3\n"),
		"wire/type.go":  []byte("package wire\n\nconst a = 1\n\nconst b = 2\n\nconst c = 3\n\nconst d = 4\n"),
		"wire/type.js":  []byte(text), // of another kind
	}
	assert.Equal(t, map[string]string{"type.go": "wire/type.go"}, before.Moved(after))
	assert.Empty(t, before.Moved(before))
}
