package schemata

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"wsworkshop/scripts/internal/files"
)

// webDir is the folder of a page, which the module's root package embeds.
const webDir = "web"

// embedding is how it does so. Nothing else in that package may embed anything.
var (
	embedding = regexp.MustCompile(`(?m)^//go:embed web\nvar web embed\.FS$`)
	anyEmbeds = regexp.MustCompile(`(?m)^[ \t]*//go:embed`)
)

// web is a folder that some versions have instead of the base's.
type web struct {
	set      files.Set
	digest   string // of the set
	versions []int
}

// embedsWeb reports whether the base embeds its folder web, and in the one way that we know.
func (s *Schemata) embedsWeb() bool {
	known, all := 0, 0
	for name, f := range s.files {
		if path.Dir(name) == "." { // no other package can embed that folder
			all += len(anyEmbeds.FindAll(f.src, -1))
			known += len(embedding.FindAll(f.src, -1))
		}
	}
	return known == 1 && all == 1
}

// addWeb notes the folder web of version i.
func (s *Schemata) addWeb(i int, set files.Set) {
	own := below(set, webDir)
	digest := own.Digest()
	at := slices.IndexFunc(s.webs, func(w *web) bool { return w.digest == digest })
	if at < 0 {
		at = len(s.webs)
		s.webs = append(s.webs, &web{set: own, digest: digest})
	}
	s.webs[at].versions = append(s.webs[at].versions, i)
}

func below(set files.Set, dir string) files.Set {
	out := files.Set{}
	for name, data := range set {
		if strings.HasPrefix(name, dir+"/") {
			out[name] = data
		}
	}
	return out
}

// webEdit puts the chosen folder in the place of the embedded one.
func (s *Schemata) webEdit(name string, src []byte) []edit {
	at := embedding.FindIndex(src)
	if at == nil || len(s.webs) == 0 || path.Dir(name) != "." {
		return nil
	}
	return []edit{{at[0], at[1], "\nvar web embed.FS = " + prefix + "Web()"}}
}

// writeWebs puts each folder into a package of its own, which embeds it in the same way.
func (s *Schemata) writeWebs(out files.Set) {
	if len(s.webs) == 0 {
		return
	}
	var imports, cases bytes.Buffer
	for i, w := range append(s.webs, &web{set: below(s.base, webDir)}) {
		name := fmt.Sprintf("%s_web%d", prefix, i)
		for p, data := range w.set {
			out[path.Join(name, p)] = data
		}
		out[path.Join(name, "embed.go")] = fmt.Appendf(nil, "package %s\n\nimport \"embed\"\n\n//go:embed web\nvar Web embed.FS\n", name)
		fmt.Fprintf(&imports, "\t%q\n", path.Join(s.module, name))
		if len(w.versions) > 0 {
			fmt.Fprintf(&cases, "\tcase %s:\n\t\treturn %s.Web\n", numbers(w.versions), name)
		} else {
			fmt.Fprintf(&cases, "\t}\n\treturn %s.Web\n", name)
		}
	}
	out[prefix+".go"] = fmt.Appendf(nil, "package %s\n\nimport (\n\t\"embed\"\n\t%q\n%s)\n\nfunc %sWeb() embed.FS {\n\tswitch %s.Version {\n%s}\n",
		s.packageName(), path.Join(s.module, prefix), imports.String(), prefix, prefix, cases.String())
}

// packageName is the root package's.
func (s *Schemata) packageName() string {
	for name, f := range s.files {
		if path.Dir(name) == "." {
			return f.pkg
		}
	}
	return ""
}
