// WebSocket as the HTML standard has it.

class WebSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  #state = WebSocket.CONNECTING;
  #binaryType = "blob";
  #protocol = "";
  #url;
  #wire;

  constructor(url, protocols = []) {
    super();
    this.#url = socketURL(url);
    const offered = typeof protocols === "string" ? [protocols] : [...protocols].map(String);
    if (new Set(offered).size < offered.length || offered.some((name) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))) {
      throw new DOMException(`The subprotocols ${JSON.stringify(offered)} are not valid.`, "SyntaxError");
    }
    this.#wire = host.connect(this.#url, offered, {
      opened: (protocol) => this.#opened(protocol),
      text: (data) => this.#message(data),
      binary: (data) => this.#message(this.#binaryType === "blob" ? new Blob([data]) : data),
      closing: () => (this.#state = WebSocket.CLOSING),
      closed: (failed, code, reason, wasClean) => this.#closed(failed, { code, reason, wasClean }),
    });
  }

  get url() {
    return this.#url;
  }
  get readyState() {
    return this.#state;
  }
  get protocol() {
    return this.#protocol;
  }
  get extensions() {
    return "";
  }
  get bufferedAmount() {
    return 0;
  }
  get binaryType() {
    return this.#binaryType;
  }
  set binaryType(type) {
    if (type === "blob" || type === "arraybuffer") this.#binaryType = type;
  }

  send(data) {
    if (this.#state === WebSocket.CONNECTING) {
      throw new DOMException("Failed to execute 'send' on 'WebSocket': Still in CONNECTING state.", "InvalidStateError");
    }
    if (this.#state !== WebSocket.OPEN) return;
    const bytes = bytesOf(data);
    if (bytes) this.#wire.binary(bytes);
    else this.#wire.text(String(data));
  }

  close(code, reason = "") {
    if (code !== undefined) {
      code = Math.max(0, Math.min(65535, Math.round(Number(code)))) || 0;
      if (code !== 1000 && (code < 3000 || code > 4999)) {
        throw new DOMException(
          `Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. ${code} is neither.`,
          "InvalidAccessError",
        );
      }
    }
    reason = String(reason);
    if (host.encode(reason).byteLength > 123) {
      throw new DOMException("Failed to execute 'close' on 'WebSocket': The close reason is longer than 123 bytes.", "SyntaxError");
    }
    if (this.#state >= WebSocket.CLOSING) return;
    this.#state = WebSocket.CLOSING;
    this.#wire.close(code ?? 0, reason);
  }

  #opened(protocol) {
    if (this.#state !== WebSocket.CONNECTING) return;
    this.#state = WebSocket.OPEN;
    this.#protocol = protocol;
    this.dispatchEvent(new Event("open"));
  }

  #message(data) {
    if (this.#state !== WebSocket.OPEN) return;
    this.dispatchEvent(new MessageEvent("message", { data, origin: new URL(this.#url).origin }));
  }

  #closed(failed, how) {
    this.#state = WebSocket.CLOSED;
    if (failed) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(new CloseEvent("close", how));
  }
}
handlers(WebSocket.prototype, "open", "message", "error", "close");
constants(WebSocket, "CONNECTING", "OPEN", "CLOSING", "CLOSED");

function socketURL(url) {
  let parsed;
  try {
    parsed = new URL(url, location.href);
  } catch {
    throw new DOMException(`Failed to construct 'WebSocket': The URL '${url}' is invalid.`, "SyntaxError");
  }
  parsed.protocol = { "http:": "ws:", "https:": "wss:" }[parsed.protocol] ?? parsed.protocol;
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    throw new DOMException(
      `Failed to construct 'WebSocket': The URL's scheme must be 'ws' or 'wss'. '${parsed.protocol.slice(0, -1)}' is not allowed.`,
      "SyntaxError",
    );
  }
  if (String(url).includes("#")) {
    throw new DOMException(`Failed to construct 'WebSocket': The URL contains a fragment ('${parsed.hash}').`, "SyntaxError");
  }
  if (location.protocol === "https:" && parsed.protocol === "ws:") {
    throw new DOMException("Failed to construct 'WebSocket': An insecure connection may not be initiated from a page loaded over HTTPS.", "SecurityError");
  }
  return parsed.href;
}

// bytesOf returns the bytes of binary data as an ArrayBuffer, and nothing for what goes as text.
function bytesOf(data) {
  if (data instanceof ArrayBuffer) return data.slice(0);
  if (ArrayBuffer.isView(data)) return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  if (data instanceof Blob) return blobBytes(data);
}

class Blob {
  #bytes;
  constructor(parts = [], { type = "" } = {}) {
    const all = [...parts].map((part) => new Uint8Array(bytesOf(part) ?? host.encode(String(part))));
    const whole = new Uint8Array(all.reduce((n, part) => n + part.length, 0));
    let at = 0;
    for (const part of all) {
      whole.set(part, at);
      at += part.length;
    }
    this.#bytes = whole.buffer;
    this.type = type;
  }
  get size() {
    return this.#bytes.byteLength;
  }
  async arrayBuffer() {
    return this.#bytes.slice(0);
  }
  async text() {
    return host.decode(this.#bytes);
  }
  static bytes(blob) {
    return blob.#bytes.slice(0);
  }
}
const blobBytes = Blob.bytes;
delete Blob.bytes;
