// What is small: console, performance, timers' names, text and random numbers.

const console = Object.fromEntries(
  ["log", "info", "warn", "error", "debug", "trace"].map((name) => [name, (...args) => host.print(name, args.map(show).join(" "))]),
);

function show(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

const performance = { now: host.now, timeOrigin: Date.now() };

class TextEncoder {
  encoding = "utf-8";
  encode(text = "") {
    return new Uint8Array(host.encode(String(text)));
  }
}

class TextDecoder {
  encoding = "utf-8";
  decode(data = new ArrayBuffer(0)) {
    return host.decode(bytesOf(data));
  }
}

const crypto = {
  getRandomValues(array) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(Math.random() * 256);
    return array;
  },
  randomUUID() {
    const b = [...crypto.getRandomValues(new Uint8Array(16))];
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = b.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  },
};

// structuredClone copies what JSON could, and Date, Map, Set, ArrayBuffer and its views.
function structuredClone(value, seen = new Map()) {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new DOMException(`${String(value)} could not be cloned.`, "DataCloneError");
  }
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => (seen.set(value, copy), copy);
  const clone = (inner) => structuredClone(inner, seen);
  if (value instanceof Date) return keep(new Date(value));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(new value.constructor(value));
  if (value instanceof Error) return keep(Object.assign(new value.constructor(value.message), { stack: value.stack }));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [k, v] of value) copy.set(clone(k), clone(v));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const v of value) copy.add(clone(v));
    return copy;
  }
  const copy = keep(Array.isArray(value) ? [] : {});
  for (const key of Object.keys(value)) copy[key] = clone(value[key]);
  return copy;
}
