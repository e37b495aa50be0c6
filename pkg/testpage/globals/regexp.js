// Named groups: the engine matches them, but numbers them after the others, and has no groups in what exec returns. So
// a pattern with names is matched without them.

const plainExec = RegExp.prototype.exec;
const patterns = new Map(); // by source and flags: {names, plain}

Object.defineProperty(RegExp.prototype, "exec", {
  configurable: true,
  writable: true,
  value: function exec(text) {
    if (!this.source.includes("(?<")) return withGroups(plainExec.call(this, text), []);
    const key = `${this.flags} ${this.source}`;
    if (!patterns.has(key)) patterns.set(key, withoutNames(this.source, this.flags));
    const { names, plain } = patterns.get(key);
    plain.lastIndex = this.lastIndex;
    const match = plainExec.call(plain, text);
    this.lastIndex = plain.lastIndex;
    return withGroups(match, names);
  },
});

function withGroups(match, names) {
  if (!match) return match;
  const groups = Object.fromEntries(names.map(([name, index]) => [name, match[index]]));
  match.groups = names.length > 0 ? Object.assign(Object.create(null), groups) : undefined;
  return match;
}

// withoutNames counts the groups of a pattern, passing over what is escaped and what is in brackets.
function withoutNames(source, flags) {
  const names = [];
  let groups = 0;
  let inClass = false;
  let plain = "";
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "[") inClass = true;
    if (source[i] === "]") inClass = false;
    if (source[i] === "\\") plain += source[i++];
    else if (source[i] === "(" && !inClass) {
      const end = /^\(\?<[^=!]/.test(source.slice(i, i + 4)) ? source.indexOf(">", i) : -1;
      if (end > 0 || source[i + 1] !== "?") groups++;
      if (end > 0) {
        names.push([source.slice(i + 3, end), groups]);
        plain += "(";
        i = end;
        continue;
      }
    }
    plain += source[i];
  }
  for (const [name, index] of names) plain = plain.replaceAll(`\\k<${name}>`, `\\${index}`);
  return { names, plain: new RegExp(plain, flags) };
}
