// EventSource as the HTML standard has it, on connections that host.stream makes and whose events it takes apart.

class EventSource extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSED = 2;

  #state = EventSource.CONNECTING;
  #url;
  #withCredentials;
  #lastEventId = "";
  #retry = 3000; // milliseconds, as in Chromium, until the server says otherwise
  #timer;
  #end; // ends the connection

  constructor(url, { withCredentials = false } = {}) {
    super();
    try {
      this.#url = new URL(url, location.href).href;
    } catch {
      throw new DOMException(`Failed to construct 'EventSource': Cannot open an EventSource to '${url}'. The URL is invalid.`, "SyntaxError");
    }
    this.#withCredentials = Boolean(withCredentials);
    this.#connect();
  }

  get url() {
    return this.#url;
  }
  get readyState() {
    return this.#state;
  }
  get withCredentials() {
    return this.#withCredentials;
  }

  close() {
    this.#state = EventSource.CLOSED;
    host.clear(this.#timer);
    this.#end();
  }

  #connect() {
    const origin = new URL(this.#url).origin;
    this.#end = host.stream(this.#url, this.#lastEventId, {
      opened: () => this.#becomes(EventSource.OPEN, "open"),
      event: (type, data, lastEventId) => this.dispatchEvent(new MessageEvent(type || "message", { data, origin, lastEventId })),
      ended: (lastEventId, retry) => this.#reconnect(lastEventId, retry),
      refused: () => this.#becomes(EventSource.CLOSED, "error"),
    });
  }

  // reconnect sets the timer before the event, whose handler may close for good. retry is negative if the server said nothing.
  #reconnect(lastEventId, retry) {
    this.#lastEventId = lastEventId;
    if (retry >= 0) this.#retry = Math.min(retry, 2 ** 31 - 1);
    this.#timer = host.setTimeout(() => this.#connect(), this.#retry);
    this.#becomes(EventSource.CONNECTING, "error");
  }

  #becomes(state, event) {
    this.#state = state;
    this.dispatchEvent(new Event(event));
  }
}
handlers(EventSource.prototype, "open", "message", "error");
constants(EventSource, "CONNECTING", "OPEN", "CLOSED");
