package main

import (
	"runtime/debug"
	"strings"
)

// version tells what was built, and with which Go: "go1.26.0 a1b2c3d (modified)". It is taken from what the
// compiler notes in each program.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	words := []string{info.GoVersion}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			words = append(words, s.Value[:min(len(s.Value), 12)])
		case s.Key == "vcs.modified" && s.Value == "true":
			words = append(words, "(modified)")
		}
	}
	return strings.Join(words, " ")
}
