package testclient

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// brief writes a JSON object in so many columns, if it can: long values are shortened, and
// what tells least is left out.
func brief(object []byte, room int) (string, bool) {
	fields, ok := fieldsOf(object)
	if !ok {
		return "", false
	}
	isError := slices.ContainsFunc(fields, func(f field) bool { return f.name == "code" })
	slices.SortStableFunc(fields, func(a, b field) int { return a.rank(isError) - b.rank(isError) })
	var pieces []string
	room -= len("{}") + len([]rune(leftOut))
	for _, f := range fields {
		piece := f.fit(room)
		if piece == "" {
			continue
		}
		pieces = append(pieces, piece)
		room -= utf8.RuneCountInString(piece) + len(",")
	}
	if len(pieces) == 0 {
		return "", false
	}
	if i := slices.Index(pieces, `"type":"error"`); i > 0 { // it is known, but it reads better
		pieces = slices.Insert(slices.Delete(pieces, i, i+1), 0, `"type":"error"`)
	}
	text := strings.Join(pieces, ",")
	if len(pieces) < len(fields) {
		text += leftOut
	}
	return "{" + text + "}", true
}

// leftOut stands for fields that had no room.
const leftOut = "…"

// field is a member of an object.
type field struct {
	name  string
	value json.RawMessage
}

// fieldsOf takes an object apart, in its own order.
func fieldsOf(object []byte) ([]field, bool) {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	var fields []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, false
		}
		f := field{name: name.(string)}
		if d.Decode(&f.value) != nil {
			return nil, false
		}
		fields = append(fields, f)
	}
	_, err := d.Token()
	return fields, err == nil && !d.More()
}

// rank is how soon a field is left out, the highest first. An error's code and the id of
// what it answers tell most; the moment of a message stands in the timeline anyway, and an id
// that the server made is like any other.
func (f field) rank(isError bool) int {
	switch {
	case f.name == "code":
		return 0
	case f.name == "message_id" && isError && len(f.value) <= ownID:
		return 1
	case f.name == "type":
		return 2
	case f.name == "data":
		return 3
	case f.name == "timestamp", f.name == "message_id" && len(f.value) > ownID:
		return 5
	}
	return 4
}

// ownID is how long the ids are that a client makes, at most.
const ownID = 20

// fit writes the field in so many columns, "" if that cannot be.
func (f field) fit(room int) string {
	name := string(marshal(f.name)) + ":"
	sizes := []int{ownID, 11} // an id that the server made is known by its beginning
	if f.name == "data" {
		sizes = []int{36, 26, 11}
	}
	for _, most := range sizes {
		value, ok := f.shortened(most)
		if text := name + value; ok && utf8.RuneCountInString(text) <= room {
			return text
		}
	}
	return ""
}

// shortened is the value in so many columns; only a text can be cut, and not a moment.
func (f field) shortened(most int) (string, bool) {
	text := string(f.value)
	if utf8.RuneCountInString(text) <= most || f.name == "code" {
		return text, true
	}
	var whole string
	if f.name == "timestamp" || json.Unmarshal(f.value, &whole) != nil {
		return "", false
	}
	if f.name != "data" {
		most = 11
	}
	keep := []rune(whole)
	keep = keep[:min(len(keep), most-3)]
	return strings.TrimSuffix(string(marshal(string(keep))), `"`) + `…"`, true
}
