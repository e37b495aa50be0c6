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
  4001: "taken over by a newer connection",
};

// How many milliseconds the server has to answer a close frame. Some browsers wait for a minute, some for ever.
const CLOSE_TIMEOUT = 5000;

/** forbidsRetry tells whether a close code says that there should be no other attempt: a lost connection does not. */
function forbidsRetry(code) {
  // TODO(7.10): The Contract says which codes do.
  return true; // placeholder: all do
}

/**
 * ChatClient is one end of a chat, over however many connections: when one ends it connects again, with growing delays,
 * and continues its session. Its state is "connecting", "open", "waiting" (for the next attempt) or "closed".
 *
 * onState(state, detail) is called at each change. With "waiting" and "closed" comes what is known of the end: {code,
 * reason, opened, asked}. opened says whether it had been open at all, asked whether disconnect was called. With
 * "waiting" come also attempt, which retry is next, and delay, in how many milliseconds.
 *
 * onMessage(message) is called with each message of a type in MESSAGE_TYPES, as an object. What else arrives is passed
 * over: later servers send types and fields that this page does not know.
 *
 * onRoundTrip(milliseconds) is called when the server has answered a heartbeat of the page's, which follows each of the
 * server's own. A page can neither send protocol pings nor see them.
 *
 * session is what to continue: {id, last}, or null to begin anew. Who keeps it across a reload continues there.
 */
class ChatClient {
  #WebSocket;
  #options;
  #socket = null;
  #asked = false;
  #closeTimer = null; // of a closing handshake
  #openSince = null; // when the connection was opened, by performance.now(); null while it is not open
  #retries = 0; // in a row, without a stable connection
  #timer = null; // of the next attempt
  #watchdog = null; // of a server that has fallen silent
  #asking = null; // the latest heartbeat of ours that is under way: {id, since}
  #heartbeats = 0;

  constructor({
    url,
    WebSocket = globalThis.WebSocket,
    onState = () => {},
    onMessage = () => {},
    onRoundTrip = () => {},
    baseDelay = 1000, // before the first retry, in milliseconds; each further one is twice as long
    maxDelay = 30000,
    maxAttempts = 10, // retries in a row; Infinity is without end
    stableAfter = 10000, // for how long a connection must hold to make the delays short again
    idleTimeout = 0, // how long the server may be silent; zero is for ever
    random = Math.random,
  }) {
    this.#WebSocket = WebSocket;
    this.#options = { baseDelay, maxDelay, maxAttempts, stableAfter, idleTimeout, random };
    this.url = url; // may be changed while closed: the next connect uses it
    this.session = null;
    this.onState = onState;
    this.onMessage = onMessage;
    this.onRoundTrip = onRoundTrip;
    this.state = "closed";
  }

  /** connect opens a connection, unless there is one already. While waiting it does so at once. */
  connect() {
    // TODO(7.10): This comes in place of the next retry, and is no retry itself.
    if (this.#socket) return;
    this.#asked = false;
    this.#dial();
  }

  #dial() {
    const socket = new this.#WebSocket(this.#address());
    socket.binaryType = "arraybuffer";
    this.#socket = socket;

    // There is no onerror: an error event says nothing, and a close event always follows it.
    // TODO(7.10, 7.11): The page knows how long a connection holds, and bounds the server's silence from the dial on.
    socket.onopen = () => this.#enter("open"); // placeholder: nothing notes the time
    socket.onmessage = (event) => this.#receive(event.data); // placeholder: the silence goes on
    socket.onclose = (event) => this.#ended(event.code, event.reason);
    this.#enter("connecting");
  }

  /**
   * ended decides what follows the end of a connection, or of an attempt. Late events of its socket have no effect.
   */
  #ended(code, reason) {
    // TODO(7.11): The silence of a connection that has ended has no effect.
    // TODO(7.10): Nothing of this connection is left. Decide whether there is another attempt, and when.
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
    clearTimeout(this.#closeTimer);
    const end = { code, reason, opened: this.state === "open", asked: this.#asked };
    this.#enter("closed", end); // placeholder: there is no other attempt
  }

  /** delay is how long to wait before a retry, the first being 1, in milliseconds. */
  #delay(retry) {
    const { baseDelay, maxDelay, random } = this.#options;
    // TODO(7.10): It grows up to maxDelay, and random() spreads it.
    return baseDelay; // placeholder: each retry waits equally long
  }

  /** address is where to dial: with the session that there is to continue, if any. */
  #address() {
    // TODO(7.12): The query has what this.session knows.
    return this.url; // placeholder: this begins a new session each time
  }

  /** remember notes where to continue after a message. */
  #remember(message) {
    // TODO(7.12): Keep this.session up to date. Some servers have no sessions.
  }

  /** watch gives the server idleTimeout from now. */
  #watch() {
    // TODO(7.11): After that the connection or attempt has ended with 1006, at once.
  }

  /** send takes a message, such as {type: "message", data: "hi"}; it returns false when there is no open connection. */
  send(message) {
    if (this.#socket?.readyState !== 1) return false; // 1 is OPEN
    // task 4.8: Send the message as JSON.
    this.#socket.send(JSON.stringify(message));
    // end task 4.8
    return true;
  }

  /**
   * disconnect starts the closing handshake; the state changes when that is over, or after CLOSE_TIMEOUT. What is not
   * open yet ends at once, waiting too. There is no other attempt until connect is called.
   */
  disconnect(code = 1000, reason = "") {
    // TODO(7.10): This ends the waiting too. Further calls give the server no more time.
    if (!this.#socket) return;
    this.#asked = true;
    this.#socket.close(code, reason);
    clearTimeout(this.#closeTimer);
    if (this.state === "connecting") this.#ended(1006, "");
    else this.#closeTimer = setTimeout(() => this.#ended(1006, ""), CLOSE_TIMEOUT);
  }

  /** describe puts an end, as onState got it, into words. */
  static describe({ code, reason, opened, asked }) {
    if (!opened) return asked ? "Given up before it was open" : "Not connected: refused, or no answer";
    const own = code >= 4000 ? "the application's own code" : "unknown code";
    const words = `Closed: ${code}, ${CLOSE_CODES[code] ?? own}`;
    return reason ? `${words} (“${reason}”)` : words;
  }

  #receive(data) {
    // task 4.8: Parse data and hand the message to this.onMessage. Pass over what is no text, no
    // JSON object, or of a type that is not in MESSAGE_TYPES.
    const message = parseMessage(data);
    if (message?.type === "heartbeat") this.#answerHeartbeat(message);
    else if (message?.type === "heartbeat_ack") this.#noteRoundTrip(message);
    else if (MESSAGE_TYPES.has(message?.type)) {
      // TODO(7.12): When onMessage is called, this.session knows the message.
      this.onMessage(message);
    }
    // end task 4.8
  }

  #answerHeartbeat({ message_id }) {
    // task 5.7: Answer with a heartbeat_ack of the same message_id. Then send a heartbeat of your own, with an id
    // that you can tell from others, and note when.
    this.send({ type: "heartbeat_ack", message_id });
    this.#asking = { id: `page-${++this.#heartbeats}`, since: performance.now() };
    this.send({ type: "heartbeat", message_id: this.#asking.id });
    // end task 5.7
  }

  #noteRoundTrip({ message_id }) {
    // task 5.7: If this answers your latest heartbeat, call this.onRoundTrip with the milliseconds since then.
    if (message_id !== this.#asking?.id) return;
    this.onRoundTrip(performance.now() - this.#asking.since);
    this.#asking = null;
    // end task 5.7
  }

  #enter(state, detail) {
    this.state = state;
    this.onState(state, detail);
  }
}

/** parseMessage returns the value that a text message holds, or null when it is no JSON. */
function parseMessage(data) {
  // task 4.8: Parse data; return null for what is no string or no JSON.
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
  // end task 4.8
}

/**
 * parseLine makes a message of what a person typed: "/msg bob hello" is for bob alone, "/all hello" for everyone in all
 * rooms, the rest for the room. It returns null for a command that lacks something.
 */
function parseLine(line) {
  // task 4.8: Make the message: {type: "direct", to, data}, {type: "broadcast", data} or {type: "message", data}.
  const command = /^\/(msg|all)(?:\s|$)/.exec(line)?.[1];
  if (!command) return line ? { type: "message", data: line } : null;
  const all = /^\/all\s+([^]+)$/.exec(line);
  if (all) return { type: "broadcast", data: all[1] };
  const direct = /^\/msg\s+(\S+)\s+([^]+)$/.exec(line);
  return direct && { type: "direct", to: direct[1], data: direct[2] };
  // end task 4.8
}

Object.assign(globalThis, { ChatClient, parseLine }); // a class declaration alone is no property of globalThis
