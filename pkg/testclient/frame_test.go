package testclient

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestFramesOnTheWire has the examples of RFC 6455, section 5.7.
func TestFramesOnTheWire(t *testing.T) {
	hello := Frame{Fin: true, Opcode: OpText, Payload: []byte("Hello")}
	require.Equal(t, "\x81\x05Hello", string(hello.Bytes()))
	hello.Fin = false
	require.Equal(t, "\x01\x05Hello", string(hello.Bytes()))
	binary := Frame{Fin: true, Opcode: OpBinary, Payload: make([]byte, 256)}
	require.Equal(t, []byte{0x82, 0x7e, 1, 0}, binary.Bytes()[:4])
	binary.Payload = make([]byte, 65536)
	require.Equal(t, []byte{0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}, binary.Bytes()[:10])
	binary.RSV = 5
	require.Equal(t, byte(0xd2), binary.Bytes()[0])
}

func TestMaskedFrames(t *testing.T) {
	b := TextFrame("Hello").Bytes()
	require.Equal(t, []byte{0x81, 0x85}, b[:2])
	key, payload := b[2:6], b[6:]
	for i := range payload {
		payload[i] ^= key[i%4]
	}
	require.Equal(t, "Hello", string(payload))
}

func TestReadFrame(t *testing.T) {
	for _, size := range []int{0, 125, 126, 65535, 65536} {
		sent := Frame{Fin: true, Opcode: OpBinary, Payload: bytes.Repeat([]byte{7}, size)}
		got, err := readFrame(bufio.NewReader(bytes.NewReader(sent.Bytes())), 0)
		require.NoError(t, err)
		require.Equal(t, sent, got)
	}
	_, err := readFrame(bufio.NewReader(strings.NewReader("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff")), 0)
	require.ErrorContains(t, err, "claims 18446744073709551615 bytes")
}

func TestParseClose(t *testing.T) {
	for payload, want := range map[string]CloseInfo{
		"":               {Code: 1005},
		"\x03\xe9bye":    {Code: 1001, Reason: "bye"},
		"\x0f\xa1":       {Code: 4001},
		"\x03\xf6":       {Code: 1014},
		"\x0b\xb8custom": {Code: 3000, Reason: "custom"},
	} {
		got, err := parseClose([]byte(payload))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, payload := range []string{"x", "\x03\xe7", "\x03\xec", "\x03\xed", "\x03\xee", "\x03\xf7", "\x13\x88", "\x03\xe8\xff"} {
		_, err := parseClose([]byte(payload))
		require.Error(t, err, "%x", payload)
	}
}
