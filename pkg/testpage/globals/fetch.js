// fetch, for answers that are read whole.

class Headers {
  #map = new Map();
  constructor(init = {}) {
    const entries = init?.[Symbol.iterator] ? init : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }
  append(name, value) {
    const key = String(name).toLowerCase();
    const before = this.#map.get(key);
    this.#map.set(key, before === undefined ? String(value) : `${before}, ${value}`);
  }
  set(name, value) {
    this.#map.set(String(name).toLowerCase(), String(value));
  }
  get(name) {
    return this.#map.get(String(name).toLowerCase()) ?? null;
  }
  has(name) {
    return this.#map.has(String(name).toLowerCase());
  }
  delete(name) {
    this.#map.delete(String(name).toLowerCase());
  }
  forEach(each) {
    for (const [name, value] of this) each(value, name, this);
  }
  entries() {
    return [...this.#map].sort().values();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}

class Response {
  #body;
  bodyUsed = false;
  constructor(body, { status = 200, statusText = "", headers = {}, url = "" } = {}) {
    this.#body = body ?? new ArrayBuffer(0);
    this.status = status;
    this.statusText = statusText;
    this.ok = status >= 200 && status < 300;
    this.headers = new Headers(headers);
    this.url = url;
  }
  async arrayBuffer() {
    if (this.bodyUsed) throw new TypeError("body stream already read");
    this.bodyUsed = true;
    return this.#body;
  }
  async text() {
    return host.decode(await this.arrayBuffer());
  }
  async json() {
    return JSON.parse(await this.text());
  }
}

function fetch(resource, { method = "GET", headers = {}, body = null, signal = null } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const url = new URL(resource, location.href).href;
    const all = new Headers(headers);
    if (body !== null && !bytesOf(body) && !all.has("content-type")) {
      const form = body instanceof URLSearchParams;
      all.set("content-type", form ? "application/x-www-form-urlencoded;charset=UTF-8" : "text/plain;charset=UTF-8");
    }
    const bytes = body === null ? null : (bytesOf(body) ?? host.encode(String(body)));
    const cancel = host.fetch(String(method).toUpperCase(), url, [...all], bytes, {
      answered: (answer) => resolve(new Response(answer.body, { ...answer, url })),
      failed: () => reject(new TypeError("Failed to fetch")),
    });
    signal?.addEventListener("abort", () => {
      cancel();
      reject(signal.reason);
    });
  });
}
