package sync_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"wsworkshop/pkg/testclient/sync"
)

// TestIsADropIn compares the exported names with the standard library's.
func TestIsADropIn(t *testing.T) {
	standard := exported(t, filepath.Join(goroot(t), "src", "sync"))
	require.Contains(t, standard, "Mutex.TryLock")
	have := exported(t, ".")
	for _, name := range []string{"Cond", "Map", "Pool"} { // aliases have all
		for member := range standard {
			if strings.HasPrefix(member, name+".") {
				have[member] = true
			}
		}
	}
	for name := range standard {
		require.Contains(t, have, name, "the overlay lacks sync.%s", name)
	}
}

func goroot(t *testing.T) string {
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command to ask for the standard library:", err)
	}
	return strings.TrimSpace(string(out))
}

// exported lists what a package exports: "NewCond", "Mutex", "Mutex.Lock".
func exported(t *testing.T, dir string) map[string]bool {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	names := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if name := method(d); ast.IsExported(d.Name.Name) && ast.IsExported(name) {
					names[name] = true
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if s, ok := spec.(*ast.TypeSpec); ok && s.Name.IsExported() {
						names[s.Name.Name] = true
					}
				}
			}
		}
	}
	return names
}

func method(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return ""
}

// TestWaitingLetsTheClockGoOn is what this package is for.
func TestWaitingLetsTheClockGoOn(t *testing.T) {
	for name, wait := range map[string]func(hold func()){
		"Mutex": func(hold func()) {
			var mu sync.Mutex
			mu.Lock()
			go func() { defer mu.Unlock(); hold() }()
			mu.Lock()
		},
		"RWMutex.Lock": func(hold func()) {
			var mu sync.RWMutex
			mu.RLock()
			go func() { defer mu.RUnlock(); hold() }()
			mu.Lock()
		},
		"RWMutex.RLock": func(hold func()) {
			var mu sync.RWMutex
			mu.Lock()
			go func() { defer mu.Unlock(); hold() }()
			mu.RLocker().Lock()
		},
		"Once": func(hold func()) {
			var once sync.Once
			go once.Do(hold)
			synctest.Wait()
			once.Do(func() { panic("the second call is none") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				wait(func() { time.Sleep(time.Minute) })
				require.Equal(t, time.Minute, time.Since(began))
			})
		})
	}
}

// rush runs fn n times at once.
func rush(n int, fn func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for range 100 {
				fn()
			}
		})
	}
	wg.Wait()
}

func TestMutexExcludes(t *testing.T) {
	var mu sync.Mutex
	n := 0
	rush(8, func() {
		if !mu.TryLock() {
			mu.Lock()
		}
		defer mu.Unlock()
		n++
		runtime.Gosched()
	})
	require.Equal(t, 800, n)
	require.True(t, mu.TryLock())
	require.False(t, mu.TryLock())
}

func TestRWMutexExcludes(t *testing.T) {
	var mu sync.RWMutex
	n, seen := 0, 0
	go rush(4, func() {
		mu.RLock()
		defer mu.RUnlock()
		_ = n
	})
	rush(4, func() {
		if !mu.TryLock() {
			mu.Lock()
		}
		defer mu.Unlock()
		n++
		seen = n
		runtime.Gosched()
		if seen != n {
			panic("two writers at once")
		}
	})
	mu.RLock()
	require.Equal(t, 400, n)
	require.True(t, mu.TryRLock())
	require.False(t, mu.TryLock())
}

// TestWaitingWriterKeepsReadersOut as the standard library promises.
func TestWaitingWriterKeepsReadersOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.RWMutex
		var order []string
		mu.RLock()
		go func() { mu.Lock(); order = append(order, "writer"); mu.Unlock() }()
		synctest.Wait()
		require.False(t, mu.TryRLock(), "a writer waits")
		go func() { mu.RLock(); order = append(order, "reader"); mu.RUnlock() }()
		synctest.Wait()
		require.Empty(t, order)
		mu.RUnlock()
		synctest.Wait()
		require.Equal(t, []string{"writer", "reader"}, order)
	})
}

func TestWaitingReadersGoBeforeTheNextWriter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.RWMutex
		var order []string
		mu.Lock()
		go func() { mu.Lock(); order = append(order, "writer"); mu.Unlock() }()
		synctest.Wait()
		go func() { mu.RLock(); order = append(order, "reader"); mu.RUnlock() }()
		synctest.Wait()
		mu.Unlock()
		synctest.Wait()
		require.Equal(t, []string{"reader", "writer"}, order)
	})
}

func TestCondTakesTheMutex(t *testing.T) {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; mu.Unlock(); cond.Signal() }()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
}

func TestOnceFunctions(t *testing.T) {
	n := 0
	f := sync.OnceFunc(func() { n++ })
	v := sync.OnceValue(func() int { n++; return n })
	vs := sync.OnceValues(func() (int, error) { n++; return n, nil })
	for range 2 {
		f()
		require.Equal(t, 2, v())
		got, err := vs()
		require.NoError(t, err)
		require.Equal(t, 3, got)
	}
	p := sync.OnceFunc(func() { n++; panic("always") })
	require.PanicsWithValue(t, "always", p)
	require.PanicsWithValue(t, "always", p)
	require.Equal(t, 4, n)

	var once sync.Once
	require.Panics(t, func() { once.Do(func() { panic("once") }) })
	once.Do(func() { t.Error("a call that panics counts") })
}

// TestUnlockOfUnlockedEndsTheProcess runs itself in a process for each case.
func TestUnlockOfUnlockedEndsTheProcess(t *testing.T) {
	cases := map[string]func(){
		"Mutex.Unlock":    func() { new(sync.Mutex).Unlock() },
		"RWMutex.Unlock":  func() { new(sync.RWMutex).Unlock() },
		"RWMutex.RUnlock": func() { new(sync.RWMutex).RUnlock() },
	}
	if fatal := cases[os.Getenv("SYNC_FATAL")]; fatal != nil {
		defer func() { recover(); os.Exit(0) }() // a panic would be too little
		fatal()
	}
	for name := range cases {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+t.Name())
		cmd.Env = append(os.Environ(), "SYNC_FATAL="+name)
		out, err := cmd.CombinedOutput()
		require.Error(t, err, name)
		require.Contains(t, string(out), "fatal error: sync: ", name)
	}
}
