package blend

import (
	"bytes"
	"fmt"
	"path"
	"regexp"

	"wsworkshop/scripts/internal/files"
)

// webDir is the folder of a page, which the module's root package embeds.
const webDir = "web"

// embedding is how it does so: nothing else embeds anything.
var embedding = regexp.MustCompile(`(?m)^//go:embed web\nvar web embed\.FS$`)

var embeds = regexp.MustCompile(`(?m)^[ \t]*//go:embed`)

// embeds reports whether the base embeds its folder web in the one way that we know.
func (m *mix) embeds() bool {
	known, all := 0, 0
	for _, p := range m.base.packages {
		for _, f := range p.files {
			all += len(embeds.FindAll(f.src, -1))
			if p.dir == "." {
				known += len(embedding.FindAll(f.src, -1))
			}
		}
	}
	return known == 1 && all == 1
}

// embedding replaces the embedded folder by the chosen one, if there are several.
func (m *mix) embedding(f *file) []edit {
	at := embedding.FindIndex(f.src)
	if at == nil || len(m.webs) == 0 || path.Dir(f.path) != "." {
		return nil
	}
	return []edit{{at[0], at[1], "\nvar web embed.FS = " + prefix + "Web()"}}
}

// writeWebs puts each folder into a package of its own, which embeds it in the same way.
func (m *mix) writeWebs(out files.Set) {
	if len(m.webs) == 0 {
		return
	}
	var imports, folders bytes.Buffer
	for i, set := range append([]files.Set{below(m.base.set, webDir)}, m.webs...) {
		name := fmt.Sprintf("%s_web%d", prefix, i)
		for p, data := range set {
			out[path.Join(name, p)] = data
		}
		out[path.Join(name, "embed.go")] = fmt.Appendf(nil, "package %s\n\nimport \"embed\"\n\n//go:embed web\nvar Web embed.FS\n", name)
		fmt.Fprintf(&imports, "\t%q\n", path.Join(m.in.Module, name))
		fmt.Fprintf(&folders, "%s.Web, ", name)
	}
	out[prefix+"_web.go"] = fmt.Appendf(nil, "package %s\n\nimport (\n\t\"embed\"\n\t%s %q\n%s)\n\nfunc %sWeb() embed.FS { return []embed.FS{%s}[%s.Of(%d)] }\n",
		m.base.packages["."].name, prefix, path.Join(m.in.Module, choicePkg), imports.String(), prefix, folders.String(), prefix, len(m.chains))
}
