package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIntegrationTellsWhatHasNotPassed(t *testing.T) {
	const output = `=== RUN   TestStep01PageEchoes
--- PASS: TestStep01PageEchoes (7.23s)
=== RUN   TestStep02PagesTalk
    step02_test.go:18: bob: after 10s, the page says "Connecting…"
--- FAIL: TestStep02PagesTalk (12.10s)
=== RUN   TestStep03PagesTalkInRooms
    main_test.go:42: WORKSHOP_STEP is 02
--- SKIP: TestStep03PagesTalkInRooms (0.00s)
=== RUN   TestStep04PagesTalkInJSON
panic: test timed out after 30m0s
`
	require.Equal(t, []string{"TestStep02PagesTalk", "TestStep04PagesTalkInJSON"}, notPassed(output))
}
