package testclient

import (
	"reflect"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// Place is a place in the code under test.
type Place struct {
	Func string `json:"func"`
	File string `json:"file"`
	Line int    `json:"line"`
}

type place = Place

// owner tells whose code a frame is.
type owner int

const (
	ownLibrary owner = iota // the standard library, a module that is used, this package
	ownSuite                // a test
	ownCode                 // the code under test
)

const thisPackage = "wsworkshop/pkg/testclient"

// companions are built on testclient: testpage adds pages to a World, and chattest the
// protocol of the course.
var companions = []string{"wsworkshop/pkg/testpage", "wsworkshop/pkg/chattest"}

// ownerOf classifies a frame by its function's full name and its file.
func ownerOf(function, file string) owner {
	pkg := packageOf(function)
	switch {
	case pkg == "testing" || isStandard(pkg, file):
		return ownLibrary
	case strings.HasSuffix(file, "_test.go"):
		return ownSuite
	case pkg == thisPackage, pkg == thisPackage+"/sync", pkg == thisPackage+"/program", pkg == thisPackage+"/internal/held", slices.Contains(companions, pkg):
		return ownLibrary
	case pkg == "main":
		return ownCode
	case within(pkg, modules().used) || strings.Contains(file, "/pkg/mod/") || strings.Contains(file, "/vendor/"):
		return ownLibrary
	}
	return ownCode
}

// packageOf cuts "example.org/chat.(*Hub).run.func1" to "example.org/chat".
func packageOf(function string) string {
	slash := strings.LastIndexByte(function, '/') + 1
	if dot := strings.IndexByte(function[slash:], '.'); dot >= 0 {
		return function[:slash+dot]
	}
	return function
}

// isStandard tells whether file lies in the standard library or, where paths are trimmed,
// whether pkg belongs to no module.
func isStandard(pkg, file string) bool {
	if root := sourceRoot(); root != "" {
		return strings.HasPrefix(file, root)
	}
	return pkg != "main" && !within(pkg, modules().all) && !strings.Contains(pkg, ".")
}

// sourceRoot is the folder of the standard library's source, with a slash at its end, or
// nothing if the build trimmed paths.
var sourceRoot = sync.OnceValue(func() string {
	pc := reflect.ValueOf(strings.Repeat).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	root, found := strings.CutSuffix(file, "strings/strings.go")
	if !found || root == "" {
		return ""
	}
	return root
})

// modules lists the modules that the program was built with: all, and those that are used
// only. One that is replaced by a folder may be the code under test.
var modules = sync.OnceValue(func() (m struct{ all, used []string }) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return m
	}
	m.all = append(m.all, info.Main.Path)
	for _, dep := range info.Deps {
		m.all = append(m.all, dep.Path)
		local := dep.Replace != nil && dep.Replace.Version == "" || dep.Version == "(devel)"
		if !local && dep.Path != info.Main.Path {
			m.used = append(m.used, dep.Path)
		}
	}
	return m
})

// within tells whether pkg lies in one of the modules.
func within(pkg string, modules []string) bool {
	for _, path := range modules {
		if path != "" && (pkg == path || strings.HasPrefix(pkg, path+"/") || strings.HasPrefix(pkg, path+"_test")) {
			return true
		}
	}
	return false
}

// shortFunc cuts the path of a function's package: "(*Hub).run" of "a.b/chat.(*Hub).run".
func shortFunc(function string) string {
	return strings.TrimPrefix(strings.TrimPrefix(function, packageOf(function)), ".")
}

// suiteFrame finds the line of the test that called: in the Test function if it is on the
// stack, else in what is not marked as a helper.
func suiteFrame(skip int, helpers map[string]bool) place {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(skip+2, pcs)])
	var suite []place
	for {
		f, more := frames.Next()
		if ownerOf(f.Function, f.File) == ownSuite && !helpers[f.Function] {
			suite = append(suite, place{f.Function, f.File, f.Line})
		}
		if !more {
			return blamed(suite)
		}
	}
}

var testFunc = regexp.MustCompile(`\.Test[^.]*(\..*)?$`)

// blamed chooses among the suite's frames, innermost first.
func blamed(suite []place) place {
	for _, p := range suite {
		if testFunc.MatchString(p.Func) {
			return p
		}
	}
	if len(suite) > 0 {
		return suite[0]
	}
	return place{}
}
