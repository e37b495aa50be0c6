// Package testclient tests WebSocket servers in virtual time, over a network in memory.
package testclient
