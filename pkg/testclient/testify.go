package testclient

import "strings"

// clean puts what testify says into words: "the room's size: got 2, want 1" for an empty line,
// a trace of its own, and a table.
func clean(message string) string {
	message = strings.Trim(message, "\n")
	if !strings.Contains(message, "Error Trace:") {
		return message
	}
	parts := map[string][]string{}
	part := ""
	for line := range strings.Lines(message) {
		text := strings.TrimSpace(line)
		for _, name := range []string{"Error Trace:", "Error:", "Test:", "Messages:"} {
			if rest, ok := strings.CutPrefix(text, name); ok {
				part, text = name, strings.TrimSpace(rest)
			}
		}
		if text != "" {
			parts[part] = append(parts[part], text)
		}
	}
	said := inWords(parts["Error:"])
	if about := strings.Join(parts["Messages:"], "\n"); about != "" {
		return about + ": " + said
	}
	return said
}

// inWords shortens the assertions that say least.
func inWords(lines []string) string {
	text := strings.Join(lines, "\n  ")
	switch {
	case len(lines) >= 3 && lines[0] == "Not equal:":
		want, isWant := strings.CutPrefix(lines[1], "expected: ")
		got, isGot := strings.CutPrefix(lines[2], "actual  : ")
		if isWant && isGot {
			text = "got " + got + ", want " + want
			if len(text) > 2*roomInText {
				text += difference(lines[3:])
			}
			return text
		}
	case text == "Should be true":
		return "got false, want true"
	case text == "Should be false":
		return "got true, want false"
	case len(lines) > 1 && lines[0] == "Received unexpected error:":
		return "got the error " + strings.Join(lines[1:], "\n  ") + ", want none"
	}
	return text
}

// difference keeps those lines of a diff that differ.
func difference(diff []string) string {
	text := ""
	for _, line := range diff {
		if (strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+")) && line != "--- Expected" && line != "+++ Actual" {
			text += "\n  " + line
		}
	}
	return text
}
