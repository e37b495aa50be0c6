package mutate

import (
	"testing"

	"github.com/grafana/sobek/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStatementsAndConditionsOfScripts(t *testing.T) {
	src := []byte(`"use strict"; // ü: offsets are in bytes
const all = [1];
class A {
  #n = 0;

  f(x) {
    if ((x || this.#n) && (all)) return;
    if (x) { this.#n++; }
    if (x) g();
    else if (!x) h();
    const y = (x ?? 1) === 1 ? g() : h();
    while (this.#n > 0) this.#n--;
    all.forEach((e) => {
      g(e);
    });
    try {
      g();
    } catch {
      return x ? 1 : 2;
    }
  }
}
`)
	found, err := scriptMutations(src, changed(nil, src))
	require.NoError(t, err)
	for _, m := range found {
		_, err := parser.ParseFile(nil, "", string(apply(src, m.edits)), 0)
		require.NoError(t, err, "%s", apply(src, m.edits))
	}
	assert.Equal(t, []string{
		`A.f always: if ((x || this.#n) && (all)) => if (true || ((x || this.#n) && (all))) return;`,
		`A.f never: if ((x || this.#n) && (all)) => if (false && ((x || this.#n) && (all))) return;`,
		`A.f always: if (x) => if (true || (x)) { this.#n++; }`,
		`A.f never: if (x) => if (false && (x)) { this.#n++; }`,
		`A.f deleted: if (x) => if (true) {} else if (x) g();`,
		`A.f always: if (x) => if (true || (x)) g();`,
		`A.f never: if (x) => if (false && (x)) g();`,
		`A.f deleted: g() => if (x) if (true) {} else g();`,
		`A.f always: if (!x) => else if (true || (!x)) h();`,
		`A.f never: if (!x) => else if (false && (!x)) h();`,
		`A.f always: (x ?? 1) === 1 ? => const y = true || ((x ?? 1) === 1 )? g() : h();`,
		`A.f never: (x ?? 1) === 1 ? => const y = false && ((x ?? 1) === 1 )? g() : h();`,
		`A.f always: while (this.#n > 0) => while (true || (this.#n > 0)) this.#n--;`,
		`A.f never: while (this.#n > 0) => while (false && (this.#n > 0)) this.#n--;`,
		`A.f deleted: all.forEach((e) => { g(e); }) => if (true) {} else all.forEach((e) => {`,
		`A.f deleted: g(e) => if (true) {} else g(e);`,
		`A.f deleted: try => if (true) {} else try {`,
		`A.f deleted: g() => if (true) {} else g();`,
		`A.f deleted: return x ? 1 : 2 => if (true) {} else return x ? 1 : 2;`,
		`A.f always: x ? => return true || (x )? 1 : 2;`,
		`A.f never: x ? => return false && (x )? 1 : 2;`,
	}, told(src, found))
}
