// Package hooks lets package program do to a World what testclient does not export.
package hooks

// Inside returns, for a *testclient.World, a value with the methods that program needs.
// Package testclient sets it.
var Inside func(world any) any
