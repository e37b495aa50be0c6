package chattest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"wsworkshop/pkg/chattest"
)

// An answer counts if it has the text that was sent, or calls a text malformed that is.
func TestAnswersOfConformance(t *testing.T) {
	d := chattest.Conformance(nil, 1000).Dialect
	for _, row := range []struct {
		sent, got string
		want      bool
	}{
		{d.Before + "κόσμε" + d.After, `{"type":"message","data":"κόσμε","from":"ana"}`, true},
		{d.Before + "hi" + d.After, `{"type":"message","data":"ho","from":"ana"}`, false},
		{d.Before + "hi" + d.After, `{"type":"broadcast","data":"hi","from":"ana"}`, false},
		{d.Before + "hi" + d.After, `{"type":"error","code":"invalid_json"}`, false},
		{d.Before + "\x00" + d.After, `{"type":"error","code":"invalid_json"}`, true},
		{"", `{"type":"error","code":"invalid_json"}`, true},
		{"", `{"type":"message","data":""}`, false},
		{"***", "***", false},
	} {
		assert.Equal(t, row.want, d.Answers([]byte(row.sent), []byte(row.got)), "%q answers %q", row.got, row.sent)
	}
	for got, want := range map[string]bool{
		`{"type":"welcome","data":{"client_id":"ana"}}`: true, `{"type":"system","data":"ana joined"}`: true,
		`{"type":"heartbeat"}`: true, `{"type":"message","data":"hi"}`: false, `{"type":"error"}`: false, "hi": false,
	} {
		assert.Equal(t, want, d.Skips([]byte(got)), "Skips(%s)", got)
	}
}
