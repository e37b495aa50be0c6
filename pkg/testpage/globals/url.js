// URL and URLSearchParams, as far as addresses of pages and WebSockets go.

class URLSearchParams {
  #list = [];
  #changed = () => {};

  constructor(init = "") {
    if (typeof init === "string") this.#read(init);
    else if (init?.[Symbol.iterator]) for (const [key, value] of init) this.append(key, value);
    else for (const key of Object.keys(init ?? {})) this.append(key, init[key]);
  }

  #read(query) {
    const plain = (text) => host.unescape(text.replace(/\+/g, " "));
    for (const pair of query.replace(/^\?/, "").split("&")) {
      if (pair === "") continue;
      const [key, ...value] = pair.split("=");
      this.#list.push([plain(key), plain(value.join("="))]);
    }
  }

  append(key, value) {
    this.#list.push([String(key), String(value)]);
    this.#changed();
  }
  set(key, value) {
    const at = this.#list.findIndex(([k]) => k === String(key));
    if (at < 0) return this.append(key, value);
    const entry = [String(key), String(value)];
    this.#list = this.#list.flatMap((old, i) => (i === at ? [entry] : old[0] === entry[0] ? [] : [old]));
    this.#changed();
  }
  delete(key) {
    this.#list = this.#list.filter(([k]) => k !== String(key));
    this.#changed();
  }
  get(key) {
    return this.#list.find(([k]) => k === String(key))?.[1] ?? null;
  }
  getAll(key) {
    return this.#list.filter(([k]) => k === String(key)).map(([, value]) => value);
  }
  has(key) {
    return this.#list.some(([k]) => k === String(key));
  }
  get size() {
    return this.#list.length;
  }
  forEach(each) {
    for (const [key, value] of this.#list) each(value, key, this);
  }
  keys() {
    return this.#list.map(([key]) => key).values();
  }
  values() {
    return this.#list.map(([, value]) => value).values();
  }
  entries() {
    return this.#list.map((entry) => [...entry]).values();
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    const form = (text) => encodeURIComponent(text.toWellFormed?.() ?? text).replace(/%20/g, "+").replace(/[!'()~]/g, escapeByte);
    return this.#list.map(([key, value]) => `${form(key)}=${form(value)}`).join("&");
  }

  static follow(params, changed) {
    params.#changed = changed;
    return params;
  }
}
const follow = URLSearchParams.follow;
delete URLSearchParams.follow;

function escapeByte(char) {
  return "%" + char.charCodeAt(0).toString(16).toUpperCase();
}

class URL {
  #parts;
  #params;

  constructor(url, base) {
    this.#parts = host.parseURL(String(url), base === undefined ? "" : String(base));
    if (!this.#parts) throw new TypeError(`Failed to construct 'URL': Invalid URL '${url}'`);
    this.#params = follow(new URLSearchParams(this.#parts.search), () => {
      const query = this.#params.toString();
      this.#parts.search = query && "?" + query;
    });
  }

  get href() {
    const { protocol, host, pathname, search, hash } = this.#parts;
    return `${protocol}//${host}${pathname}${search}${hash}`;
  }
  get origin() {
    return `${this.protocol}//${this.host}`;
  }
  get searchParams() {
    return this.#params;
  }
  get hostname() {
    return this.host.replace(/:\d+$/, "");
  }
  get port() {
    return /:(\d+)$/.exec(this.host)?.[1] ?? "";
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
  static canParse(url, base) {
    return host.parseURL(String(url), base === undefined ? "" : String(base)) !== null;
  }
  static {
    for (const part of ["protocol", "host", "pathname", "search", "hash"]) {
      Object.defineProperty(URL.prototype, part, {
        enumerable: true,
        configurable: true,
        get() {
          return this.#parts[part];
        },
        set(value) {
          value = String(value);
          if (part === "protocol") value = value.replace(/:.*$/, "") + ":";
          if (part === "search" && value !== "" && value[0] !== "?") value = "?" + value;
          if (part === "hash" && value !== "" && value[0] !== "#") value = "#" + value;
          if (part === "pathname" && value[0] !== "/") value = "/" + value;
          this.#parts[part] = value;
          if (part === "search") {
            this.#params = follow(new URLSearchParams(value), () => {
              const query = this.#params.toString();
              this.#parts.search = query && "?" + query;
            });
          }
        },
      });
    }
  }
}

const location = new URL(host.location); // to be read; a page that goes elsewhere is no page any more
