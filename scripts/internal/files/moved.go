package files

import (
	"path"
	"strings"
)

// Moved tells which files have moved on the way from s to later, and where to. A file has
// moved when it is gone and a new one of its kind is mostly the same, as git sees a rename.
func (s Set) Moved(later Set) map[string]string {
	moved := map[string]string{}
	for _, old := range s.Paths() {
		if _, stays := later[old]; stays {
			continue
		}
		closest := 0.5
		for _, name := range later.Paths() {
			if _, was := s[name]; was || path.Ext(name) != path.Ext(old) {
				continue
			}
			if alike := similarity(s[old], later[name]); alike > closest {
				closest, moved[old] = alike, name
			}
		}
	}
	return moved
}

// similarity is the share of the lines of a and b that both have, blank ones left out.
func similarity(a, b []byte) float64 {
	left, total, common := map[string]int{}, 0, 0
	for line := range strings.Lines(string(a)) {
		if line = strings.TrimSpace(line); line != "" {
			left[line]++
			total++
		}
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		total++
		if left[line] > 0 {
			left[line]--
			common++
		}
	}
	return 2 * float64(common) / float64(max(total, 1))
}
