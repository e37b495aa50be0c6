// Package integration holds the tests that need real programs: the server program of a step, run as
// a person runs it, and a Chromium that opens its page. They are behind the build tag "integration":
//
//	go test -tags integration ./integration
//
// The environment says what is tested:
//
//	WORKSHOP_STEP=02       this step alone; without it, all of them
//	WORKSHOP_MINE=1        the learner's code in steps/; without it, the reference in solutions/
//	CHROMIUM=/path/to/it   this browser; without it, the first one found
//	REQUIRE_INTEGRATION=1  a missing program is a failure; without it, a skip
//
// Everything runs on free ports of the loopback interface and in temporary folders, and is stopped
// again. Screenshots are left in .workshop/screenshots.
package integration
