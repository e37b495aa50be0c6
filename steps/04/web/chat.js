// chat.js speaks WebSocket and knows nothing of the page, so that it also runs where there is no browser.
"use strict";

// The types of messages that this page knows.
const MESSAGE_TYPES = new Set(["welcome", "message", "broadcast", "direct", "system", "error"]);

// What a close code says (RFC 6455, section 7.4.1, and the registry that it founded).
// 1005, 1006 and 1015 are never sent: the receiving side reports them when no code came.
const CLOSE_CODES = {
  1000: "normal closure",
  1001: "going away",
  1002: "protocol error",
  1003: "unsupported data",
  1005: "no code given",
  1006: "connection lost without a close frame",
  1007: "invalid data",
  1008: "policy violation",
  1009: "message too big",
  1010: "extension missing",
  1011: "server error",
  1012: "service restart",
  1013: "try again later",
  1014: "bad gateway",
  1015: "TLS handshake failed",
};

// How many milliseconds the server has to answer a close frame. Some browsers wait for a minute, some for ever.
const CLOSE_TIMEOUT = 5000;

/**
 * ChatClient is one end of a chat connection. Its state is "connecting", "open" or "closed".
 *
 * onState(state, close) is called at each change. With "closed" comes what is known of the end:
 * {code, reason, opened, asked}, where opened says whether it had been open at all, and asked
 * whether disconnect was called.
 *
 * onMessage(message) is called with each message of a type in MESSAGE_TYPES, as an object. What else arrives is passed
 * over: later servers send types and fields that this page does not know.
 */
class ChatClient {
  #WebSocket;
  #socket = null;
  #asked = false;
  #closeTimer = null; // of a closing handshake

  constructor({ url, WebSocket = globalThis.WebSocket, onState = () => {}, onMessage = () => {} }) {
    this.#WebSocket = WebSocket;
    this.url = url; // may be changed while closed: the next connect uses it
    this.onState = onState;
    this.onMessage = onMessage;
    this.state = "closed";
  }

  /** connect opens a connection, unless there is one already. */
  connect() {
    if (this.#socket) return;
    const socket = new this.#WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#asked = false;

    socket.onopen = () => this.#enter("open");
    socket.onmessage = (event) => this.#receive(event.data);
    // There is no onerror: an error event says nothing, and a close event always follows it.
    socket.onclose = (event) => this.#ended(event.code, event.reason);
    this.#enter("connecting");
  }

  /** send takes a message, such as {type: "message", data: "hi"}; it returns false when there is no open connection. */
  send(message) {
    if (this.#socket?.readyState !== 1) return false; // 1 is OPEN
    // TODO(4.8): Send the message as JSON.
    this.#socket.send(message.data);
    return true;
  }

  /**
   * disconnect starts the closing handshake; the state changes when that is over, or after CLOSE_TIMEOUT. A connection
   * that is not open yet ends at once.
   */
  disconnect(code = 1000, reason = "") {
    if (!this.#socket) return;
    this.#asked = true;
    this.#socket.close(code, reason);
    clearTimeout(this.#closeTimer);
    if (this.state === "connecting") this.#ended(1006, "");
    else this.#closeTimer = setTimeout(() => this.#ended(1006, ""), CLOSE_TIMEOUT);
  }

  /** ended is the end of a connection. Whatever its socket does later has no effect. */
  #ended(code, reason) {
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
    clearTimeout(this.#closeTimer);
    this.#enter("closed", { code, reason, opened: this.state === "open", asked: this.#asked });
  }

  /** describe puts an end, as onState got it, into words. */
  static describe({ code, reason, opened, asked }) {
    if (!opened) return asked ? "Given up before it was open" : "Not connected: refused, or no answer";
    const own = code >= 4000 ? "the application's own code" : "unknown code";
    const words = `Closed: ${code}, ${CLOSE_CODES[code] ?? own}`;
    return reason ? `${words} (“${reason}”)` : words;
  }

  #receive(data) {
    // TODO(4.8): Parse data and hand the message to this.onMessage. Pass over what is no text, no
    // JSON object, or of a type that is not in MESSAGE_TYPES.
  }

  #enter(state, close) {
    this.state = state;
    this.onState(state, close);
  }
}

/** parseMessage returns the value that a text message holds, or null when it is no JSON. */
function parseMessage(data) {
  // TODO(4.8): Parse data; return null for what is no string or no JSON.
  return null;
}

/**
 * parseLine makes a message of what a person typed: "/msg bob hello" is for bob alone, "/all hello" for everyone in all
 * rooms, the rest for the room. It returns null for a command that lacks something.
 */
function parseLine(line) {
  // TODO(4.8): Make the message: {type: "direct", to, data}, {type: "broadcast", data} or {type: "message", data}.
  return { type: "message", data: line };
}

Object.assign(globalThis, { ChatClient, parseLine }); // a class declaration alone is no property of globalThis
