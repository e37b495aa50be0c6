// events.js stands in for WebSocket where none opens: an event stream down, POST up.
"use strict";

// How many milliseconds the answer to a POST may take.
const POST_TIMEOUT = 10000;

/**
 * EventSocket has as much of WebSocket as chat.js needs: readyState, send, close, onopen, onmessage and onclose. It is
 * given the URL of the WebSocket whose place it takes, and perhaps a token.
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

  constructor(url, token = "") {
    const stream = new URL(url);
    stream.protocol = stream.protocol === "wss:" ? "https:" : "http:";
    stream.pathname = stream.pathname.replace(/\/ws\/([^/]*)$/, "/events/$1");
    this.#address = stream.origin + stream.pathname;
    this.readyState = 0;
    this.onopen = this.onmessage = this.onclose = null;
    this.#begin(stream, token);
  }

  async #begin(stream, token) {
    // task 11.12: The token gets a ticket, and the ticket gets the stream.
    if (token) {
      const ticket = await this.#getTicket(new URL(stream.pathname.replace(/\/events\/[^/]*$/, "/ticket"), stream), token);
      if (this.readyState !== 0) return; // the page has left meanwhile
      if (!ticket) return this.#finish({ code: 1006, reason: "" });
      stream.searchParams.set("ticket", ticket);
    }
    // end task 11.12
    // task 9.10: The page decides when to connect again, and not the browser.
    this.#source = new EventSource(stream);
    this.#source.onopen = () => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.();
    };
    this.#source.onmessage = ({ data }) => this.#receive(data);
    this.#source.addEventListener("close", ({ data }) => {
      this.#source.close(); // or the browser would open it again
      this.#endWith(JSON.parse(data));
    });
    this.#source.onerror = () => this.#finish(this.#end ?? { code: 1006, reason: "" });
    // end task 9.10
  }

  /** getTicket returns a ticket, or null when there is none. */
  async #getTicket(address, token) {
    // task 11.12: A token goes into the header Authorization.
    this.#abort = new AbortController();
    const tooLate = setTimeout(() => this.#abort.abort(), POST_TIMEOUT);
    try {
      const headers = { Authorization: `Bearer ${token}` };
      const response = await fetch(address, { method: "POST", headers, cache: "no-store", signal: this.#abort.signal });
      return response.ok ? (await response.json()).ticket : null;
    } catch {
      return null;
    } finally {
      clearTimeout(tooLate);
    }
    // end task 11.12
  }

  #receive(data) {
    // task 9.10: The welcome says what a POST must say, see #headers.
    if (!this.#headers) {
      const { session_id, data: { instance } = {} } = JSON.parse(data);
      this.#headers = { "Chat-Session": session_id, "Chat-Instance": instance };
      this.#flush();
    }
    // end task 9.10
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  /** send takes a text. It arrives after all that was sent before. */
  send(text) {
    // task 9.10: Two requests at the same time may overtake each other.
    this.#unsent.push(text);
    this.#flush();
    // end task 9.10
  }

  async #flush() {
    // task 9.10: Send what is in #unsent, once #headers are known. Nobody can tell whether a request without an answer has arrived.
    if (this.#posting || !this.#headers) return;
    this.#posting = true;
    while (this.#unsent.length > 0 && this.readyState !== 3) {
      const text = this.#unsent.shift();
      const status = await this.#post(text);
      if (status === 404) this.#unsent.unshift(text);
      if (status === 404 || status === 0) this.#finish(this.#end ?? { code: 1006, reason: "" });
    }
    this.#posting = false;
    if (this.#end) this.#finish(this.#end);
    // end task 9.10
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
    // task 9.10: All that was sent still goes out. Without the stream, the server would not take it.
    if (this.readyState === 3) return;
    this.#end ??= end;
    this.readyState = 2;
    if (!this.#posting) setTimeout(() => this.#finish(this.#end));
    // end task 9.10
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
