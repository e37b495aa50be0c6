package imports

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/files"
)

var original = files.Set{
	"go.mod": []byte("module example/chat\n\ngo 1.26\n"),
	"hub.go": []byte(`package chat

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
	ws "github.com/gorilla/websocket"

	"example/chat/store"
)

func hub() {
	fmt.Println(rand.N(3), time.Now(), redis.Nil, ws.ErrCloseSent, store.Open)
}
`),
	"log.go":         []byte("package chat\n\nvar log struct{ Printf func() }\n"),
	"store/store.go": []byte("package store\n\nvar Open int\n"),
}

func fixed(t *testing.T, name, src string) string {
	t.Helper()
	changed := original.Clone()
	changed[name] = []byte(src)
	out, err := Fix(changed, original)
	require.NoError(t, err)
	return string(out[name])
}

const imports = `package chat

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
	ws "github.com/gorilla/websocket"

	"example/chat/store"
)
`

func TestUnusedImportsAreDropped(t *testing.T) {
	assert.Equal(t, `package chat

import (
	_ "embed"
	"time"
)

func hub() {
	var fmt struct{ Println func() }
	fmt.Println()
	_ = time.Now
}
`, fixed(t, "hub.go", imports+"\nfunc hub() {\n\tvar fmt struct{ Println func() }\n\tfmt.Println()\n\t_ = time.Now\n}\n"))
}

func TestAllImportsMayGo(t *testing.T) {
	assert.Equal(t, "package chat\n\nfunc hub() {}\n",
		fixed(t, "hub.go", "package chat\n\nimport (\n\t\"fmt\"\n\n\tws \"github.com/gorilla/websocket\"\n)\n\nfunc hub() {}\n"))
}

func TestMissingImportsAreAdded(t *testing.T) {
	got := fixed(t, "new.go", `package chat

func f() {
	var mu sync.Mutex
	mu.Lock()
	log.Printf()
	nobody.Knows()
	fmt.Println(rand.N(3), redis.Nil, ws.ErrCloseSent, store.Open)
}
`)
	assert.Equal(t, `package chat

import (
	"example/chat/store"
	"fmt"
	ws "github.com/gorilla/websocket"
	"github.com/redis/go-redis/v9"
	"math/rand/v2"
	"sync"
)

func f() {
	var mu sync.Mutex
	mu.Lock()
	log.Printf()
	nobody.Knows()
	fmt.Println(rand.N(3), redis.Nil, ws.ErrCloseSent, store.Open)
}
`, got)
}

func TestUnchangedFilesStayAsTheyAre(t *testing.T) {
	set := original.Clone()
	set["hub.go"] = []byte("package   chat\n")
	out, err := Fix(set, set)
	require.NoError(t, err)
	assert.Equal(t, set, out)
}

func TestNameThatCannotBeGuessed(t *testing.T) {
	set := files.Set{"a.go": []byte("package a\n\nimport \"example.org/golang-thing\"\n\nvar _ = thing.X\n")}
	_, err := Fix(set, set)
	assert.EqualError(t, err, `a.go:3: nothing is used of "example.org/golang-thing" under the name "golang": write the package's name in front of the path`)
}

func TestAssumedNames(t *testing.T) {
	for path, want := range map[string]string{
		"net/http": "http", "math/rand/v2": "rand", "github.com/redis/go-redis/v9": "redis",
		"gopkg.in/yaml.v3": "yaml", "github.com/mattn/go-sqlite3": "sqlite3", "github.com/jackc/pgx/v5": "pgx",
		"github.com/hashicorp/golang-lru/v2": "lru", "github.com/alicebob/miniredis/v2": "miniredis",
	} {
		assert.Equal(t, want, assumed(path), path)
	}
	assert.Equal(t, "math/rand/v2", std["rand"])
	assert.Equal(t, "log/slog", std["slog"])
}
