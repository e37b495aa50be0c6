// Package chattest is what the suites of the course share: the protocol of the chat, on top
// of package testclient, which knows no protocol.
package chattest
