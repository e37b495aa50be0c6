// events.js stands in for WebSocket where none opens: an event stream down, POST up.
"use strict";

// How many milliseconds the answer to a POST may take.
const POST_TIMEOUT = 10000;

/**
 * EventSocket has as much of WebSocket as chat.js needs: readyState, send, close, onopen, onmessage and onclose. It is
 * given the URL of the WebSocket whose place it takes.
 *
 * The close event has {code, reason, unsent}: unsent are the texts that the server has certainly not accepted, in order.
 */
class EventSocket {
  #source;
  #address; // of POST
  #headers = null; // of POST: whose messages these are; the welcome tells
  #unsent = []; // texts that wait for their POST
  #posting = false;
  #end = null; // what onclose is to say when nothing is under way any more
  #abort = null; // of the POST that is under way

  constructor(url) {
    const stream = new URL(url);
    stream.protocol = stream.protocol === "wss:" ? "https:" : "http:";
    stream.pathname = stream.pathname.replace(/\/ws\/([^/]*)$/, "/events/$1");
    this.#address = stream.origin + stream.pathname;
    this.readyState = 0;
    this.onopen = this.onmessage = this.onclose = null;
    // TODO(9.10): The page decides when to connect again, and not the browser.
    this.#source = null;
    setTimeout(() => this.#finish({ code: 1006, reason: "" })); // placeholder: it never opens
  }

  #receive(data) {
    // TODO(9.10): The welcome says what a POST must say, see #headers.
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  /** send takes a text. It arrives after all that was sent before. */
  send(text) {
    // TODO(9.10): Two requests at the same time may overtake each other.
  }

  async #flush() {
    // TODO(9.10): Send what is in #unsent, once #headers are known. Nobody can tell whether a request without an answer has arrived.
  }

  /** post returns the status of the answer, or 0 when there is none. */
  async #post(body) {
    this.#abort = new AbortController();
    const tooLate = setTimeout(() => this.#abort.abort(), POST_TIMEOUT);
    try {
      const options = { method: "POST", headers: this.#headers, body, cache: "no-store", signal: this.#abort.signal };
      return (await fetch(this.#address, options)).status;
    } catch {
      return 0;
    } finally {
      clearTimeout(tooLate);
    }
  }

  /** close ends the stream when all that was sent before has gone out. */
  close(code = 1005, reason = "") {
    this.#endWith({ code, reason });
  }

  #endWith(end) {
    // TODO(9.10): All that was sent still goes out. Without the stream, the server would not take it.
    this.#finish(end); // placeholder
  }

  #finish({ code, reason }) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#source?.close();
    this.#abort?.abort();
    this.onclose?.({ code, reason, unsent: this.#unsent });
  }
}

globalThis.EventSocket = EventSocket;
