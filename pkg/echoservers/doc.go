// Package echoservers has small echo servers on three WebSocket libraries. Package conformance of
// testclient asks them its cases, and testdata/deviations.txt has what it finds: a suite that finds
// nothing in anybody proves nothing. The module is one of its own, so that testclient needs none of
// these libraries.
package echoservers
