package proc

import (
	"os"
	"runtime"
	"slices"
)

// neutral keeps the user's settings from changing what a go command builds. Such a setting
// stands in the environment or in the file that `go env -w` writes; there, only a value that
// is not empty overrides it. Settings such as GOPROXY and CC remain the user's.
var neutral = []string{
	"GOWORK=off",
	"GO111MODULE=on",
	"GOFLAGS=-mod=readonly", // what the go command does without flags
	"GOOS=" + runtime.GOOS,
	"GOARCH=" + runtime.GOARCH,
}

// Environ is the workshop's own environment, in which the user's settings do not change what
// a go command builds.
func Environ() []string { return slices.Concat(os.Environ(), neutral) }
