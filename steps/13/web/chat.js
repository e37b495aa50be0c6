// chat.js speaks WebSocket and knows nothing of the page, so that it also runs where there is no browser.
"use strict";

// The types of messages that this page knows.
const MESSAGE_TYPES = new Set(["welcome", "message", "broadcast", "direct", "system", "error", "auth"]);

// What a client should do after the end of a connection, as in wire/close.go.
const STOP = "stop"; // another attempt would end in the same way, or do harm
const NEW_SESSION = "new session";
const RESUME = "resume after backoff";
const RESUME_AT_ONCE = "resume at once"; // for the first retry; a further one waits

// The close codes: name and advice. They are those of wire/close.go.
const CLOSE_CODES = {
  1000: ["normal closure", STOP],
  1001: ["going away", RESUME],
  1002: ["protocol error", STOP],
  1003: ["unsupported data", RESUME],
  1005: ["no status received", RESUME],
  1006: ["abnormal closure", RESUME],
  1007: ["invalid payload", RESUME],
  1008: ["policy violation", STOP],
  1009: ["message too big", RESUME],
  1010: ["mandatory extension", STOP],
  1011: ["internal error", RESUME],
  1012: ["service restart", RESUME],
  1013: ["try again later", RESUME],
  1014: ["bad gateway", RESUME],
  1015: ["TLS handshake", STOP],
  4001: ["taken over", STOP],
};

// The advice of codes from 4000 on that no table has, by their hundreds.
const ADVICE_BY_HUNDREDS = { 41: NEW_SESSION, 42: RESUME, 43: RESUME_AT_ONCE };

const BY_NEWER = 4001; // taken over by a newer connection

// How many milliseconds the server has to answer a close frame. Some browsers wait for a minute, some for ever.
const CLOSE_TIMEOUT = 5000;

/** adviceFor tells what to do after a close code. */
function adviceFor(code) {
  // task 8.10: The tables above have it. A code that they do not have means STOP from 4000 on, and RESUME below.
  const known = CLOSE_CODES[code]?.[1] ?? ADVICE_BY_HUNDREDS[Math.floor(code / 100)];
  return known ?? (code >= 4000 ? STOP : RESUME);
  // end task 8.10
}

/**
 * ChatClient is one end of a chat, over however many connections: when one ends it connects again, with growing delays,
 * and continues its session. Its state is "connecting", "open", "waiting" (for the next attempt) or "closed".
 *
 * onState(state, detail) is called at each change. With "waiting" and "closed" comes what is known of the end: {code,
 * reason, opened, asked, advice}. opened says whether it had been open at all, asked whether disconnect was called. With
 * "waiting" come also attempt, which retry is next, and delay, in how many milliseconds.
 *
 * onMessage(message) is called with each message of a type in MESSAGE_TYPES, as an object. What else arrives is passed
 * over: later servers send types and fields that this page does not know.
 *
 * onRoundTrip(milliseconds) is called when the server has answered a heartbeat of the page's, which follows each of the
 * server's own. A page can neither send protocol pings nor see them.
 *
 * session is what to continue: {id, last}, or null to begin anew. Who keeps it across a reload continues there.
 *
 * token is what a server that asks for one is shown with each attempt, or "". It may be changed at any time; renew also
 * tells the server, so that a connection outlives its first token.
 *
 * transport is what the present attempt or connection uses: "websocket", or "events" where no WebSocket opens.
 */
class ChatClient {
  #WebSocket;
  #Fallback;
  #options;
  #socket = null;
  #queue = []; // texts that wait for a connection
  #upgradeTimer = null; // of the next attempt to have a WebSocket in the place of the fallback
  #leaveTimer = null; // of the move that the server has asked for
  #leaving = false; // that move is not over
  #next = null; // the connection to move to, while it opens
  #lost = null; // how the present one has ended meanwhile: {code, reason}
  #old = null; // the fallback that was replaced, while it still sends what it has
  #seen = new Set(); // ids of the messages that the old connection brought while the next one opened
  #asked = false;
  #closeTimer = null; // of a closing handshake
  #openSince = null; // when the connection was opened, by performance.now(); null while it is not open
  #retries = 0; // in a row, without a stable connection
  #timer = null; // of the next attempt
  #watchdog = null; // of a server that has fallen silent
  #asking = null; // the latest heartbeat of ours that is under way: {id, since}
  #heartbeats = 0;
  #token = "";

  constructor({
    url,
    WebSocket = globalThis.WebSocket,
    Fallback = globalThis.EventSocket, // null or undefined: there is none
    onState = () => {},
    onMessage = () => {},
    onRoundTrip = () => {},
    baseDelay = 1000, // before the first retry, in milliseconds; each further one is twice as long
    maxDelay = 30000,
    maxAttempts = 10, // retries in a row; Infinity is without end
    stableAfter = 10000, // for how long a connection must hold to make the delays short again
    idleTimeout = 0, // how long the server may be silent; zero is for ever
    upgradeAfter = 60000, // how long to use the fallback before a WebSocket is tried again
    random = Math.random,
  }) {
    this.#WebSocket = WebSocket;
    this.#Fallback = Fallback;
    this.#options = { baseDelay, maxDelay, maxAttempts, stableAfter, idleTimeout, upgradeAfter, random };
    this.url = url; // may be changed while closed: the next connect uses it
    this.session = null;
    this.onState = onState;
    this.onMessage = onMessage;
    this.onRoundTrip = onRoundTrip;
    this.state = "closed";
    this.transport = "websocket";
  }

  /** connect opens a connection, unless there is one already. While waiting it does so at once. */
  connect() {
    // task 8.10: A connection that disconnect() is ending is none any more.
    if (this.#asked && this.#socket) this.#ended(1006, "");
    // end task 8.10
    // task 7.10: This comes in place of the next retry, and is no retry itself.
    if (this.#socket) return;
    clearTimeout(this.#timer);
    this.#retries = 0;
    this.#asked = false;
    // end task 7.10
    this.#dial();
  }

  #dial() {
    const socket = (this.#socket = this.#open(this.transport));

    // There is no onerror: an error event says nothing, and a close event always follows it.
    // task 7.10, 7.11: The page knows how long a connection holds, and bounds the server's silence from the dial on.
    socket.onopen = () => {
      this.#openSince = performance.now();
      this.#watch();
      // task 9.11: Texts that wait come first. Over the fallback, try a WebSocket later.
      this.#flush();
      this.#upgradeLater();
      // end task 9.11
      this.#enter("open");
    };
    this.#listen(socket);
    this.#watch();
    // end task 7.10, 7.11
    this.#enter("connecting");
  }

  #open(transport) {
    // task 11.12: A browser cannot set a header here. The token must not be in the URL.
    const protocols = this.token ? ["chat.v1", `bearer.${this.token}`] : [];
    const address = this.#address();
    const socket = transport === "events" ? new this.#Fallback(address, this.token) : new this.#WebSocket(address, protocols);
    // end task 11.12
    socket.binaryType = "arraybuffer";
    return socket;
  }

  #listen(socket) {
    socket.onmessage = (event) => {
      this.#watch();
      this.#receive(event.data);
    };
    socket.onclose = ({ code, reason, unsent = [] }) => {
      // task 9.11: Keep what was not sent.
      this.#queue.unshift(...unsent);
      // end task 9.11
      this.#ended(code, reason);
    };
  }

  /** upgradeLater tries to get a WebSocket in the place of the fallback, in upgradeAfter. */
  #upgradeLater() {
    clearTimeout(this.#upgradeTimer);
    if (this.transport === "events") this.#upgradeTimer = setTimeout(() => this.#move("websocket"), this.#options.upgradeAfter);
  }

  /** leaveWithin moves to another connection, as the server has asked: at a random moment of its window. */
  #leaveWithin({ window_ms }) {
    // task 10.8: One move at a time is enough.
    if (this.#leaving || this.#asked) return;
    this.#leaving = true;
    this.#leaveTimer = setTimeout(() => {
      this.#abandonMove(); // to a WebSocket
      this.#move(this.transport, () => (this.#leaving = false));
    }, this.#options.random() * window_ms);
    // end task 10.8
  }

  /**
   * move tries to put another connection in the place of this one, which goes on meanwhile. The welcome means that the
   * server has taken over the session, and sends what came after the last message that #address named.
   */
  #move(transport, whenOver = () => {}) {
    if (this.#next) return; // one move at a time; the upgrade is tried again after it
    // task 9.11: No message may be lost or come twice, in either direction. If there is no welcome, try again later.
    this.#seen.clear();
    const socket = (this.#next = this.#open(transport));
    const tooLate = setTimeout(() => socket.onclose?.(), CLOSE_TIMEOUT);
    socket.onmessage = (welcome) => {
      clearTimeout(tooLate);
      this.#moveTo(socket, transport);
      whenOver();
      socket.onmessage(welcome);
    };
    socket.onclose = () => {
      this.#abandonMove();
      whenOver();
      // task 10.8: If the old connection has ended meanwhile, that end counts now. If not, it goes on.
      const lost = this.#lost;
      this.#lost = null;
      if (lost) return this.#ended(lost.code, lost.reason);
      this.#flush();
      // end task 10.8
      this.#goOn();
    };
    // end task 9.11
  }

  /** goOn is for a move without a welcome. The old connection may have been told already that the new one takes over. */
  #goOn() {
    // task 9.11: Then the old one ends, and nobody has taken over.
    const socket = this.#socket;
    if (socket.readyState === 3) return this.#ended(1006, "");
    if (socket.readyState === 1) return this.#upgradeLater();
    socket.onclose = ({ unsent = [] }) => {
      this.#queue.unshift(...unsent);
      this.#ended(1006, "");
    };
    // end task 9.11
  }

  /** stay abandons all moves, also those that have not begun. */
  #stay() {
    clearTimeout(this.#upgradeTimer);
    clearTimeout(this.#leaveTimer);
    this.#leaving = false;
    this.#lost = null;
    this.#abandonMove();
  }

  #abandonMove() {
    const socket = this.#next;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.#next = null;
  }

  /** flush sends what waits, unless it has to wait for a connection, or for what another one still sends. */
  #flush() {
    // task 9.11: Nothing overtakes what the fallback has.
    if (this.#old || this.#socket?.readyState !== 1) return;
    // task 10.8: What is on its way over a WebSocket is lost when another connection takes the session over.
    if (this.#next && this.transport === "websocket") return;
    // end task 10.8
    for (const text of this.#queue.splice(0)) this.#socket.send(text);
    // end task 9.11
  }

  /** moveTo puts a connection in the place of the old one. The fallback still sends what it has. */
  #moveTo(socket, transport) {
    // task 9.11: Texts that are sent from now on come after those.
    const old = this.#socket;
    // task 10.8: Nobody waits for a WebSocket.
    const stillSends = this.transport === "events" && old.readyState !== 3;
    // end task 10.8
    this.#socket = socket;
    this.#next = this.#lost = null;
    this.transport = transport;
    this.#listen(socket);
    this.#upgradeLater();
    old.onclose = null;
    if (stillSends) {
      this.#old = old;
      old.onclose = ({ unsent = [] }) => {
        this.#old = old.onclose = null;
        this.#queue.unshift(...unsent);
        this.#flush();
      };
    }
    old.close(1000);
    this.#flush();
    // end task 9.11
  }

  /**
   * ended decides what follows the end of a connection, or of an attempt. Late events of its socket have no effect.
   */
  #ended(code, reason) {
    // task 7.11: The silence of a connection that has ended has no effect.
    clearTimeout(this.#watchdog);
    // end task 7.11
    // task 10.8: However the old connection ends, the new one may be about to open.
    if (this.#next) {
      this.#lost = { code: code === BY_NEWER ? 1006 : code, reason };
      return;
    }
    // end task 10.8
    // task 7.10: Nothing of this connection is left. Decide whether there is another attempt, and when.
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    const held = this.#openSince === null ? null : performance.now() - this.#openSince;
    // task 9.11: After an attempt that did not open, the next one goes the other way.
    this.#stay();
    if (held === null && this.#Fallback) this.transport = this.transport === "websocket" ? "events" : "websocket";
    // end task 9.11
    const end = { code, reason, opened: held !== null, asked: this.#asked, advice: adviceFor(code) };
    clearTimeout(this.#closeTimer);
    this.#socket = this.#openSince = this.#asking = this.#closeTimer = null;
    // task 8.10: A session that is not to be resumed is forgotten, whatever follows.
    if (end.advice === NEW_SESSION) this.session = null;
    // end task 8.10
    if (held !== null && held >= this.#options.stableAfter) this.#retries = 0;
    if (end.asked || end.advice === STOP || this.#retries >= this.#options.maxAttempts) {
      this.#enter("closed", end);
      return;
    }
    // task 8.10: Do what end.advice asks for.
    const atOnce = end.advice === RESUME_AT_ONCE && this.#retries === 0;
    const delay = this.#delay(++this.#retries) * (atOnce ? 0 : 1);
    // end task 8.10
    this.#timer = setTimeout(() => this.#dial(), delay);
    this.#enter("waiting", { ...end, attempt: this.#retries, delay });
    // end task 7.10
  }

  /** delay is how long to wait before a retry, the first being 1, in milliseconds. */
  #delay(retry) {
    const { baseDelay, maxDelay, random } = this.#options;
    // task 7.10: It grows up to maxDelay, and random() spreads it.
    const delay = Math.min(baseDelay * 2 ** (retry - 1), maxDelay);
    return delay * (1 + 0.3 * random());
    // end task 7.10
  }

  /** address is where to dial: with the session that there is to continue, if any. */
  #address() {
    // task 7.12: The query has what this.session knows.
    if (!this.session) return this.url;
    const { id, last } = this.session;
    let query = `session_id=${encodeURIComponent(id)}`;
    if (last) query += `&last_message_id=${encodeURIComponent(last)}`;
    return this.url + (this.url.includes("?") ? "&" : "?") + query;
    // end task 7.12
  }

  /** remember notes where to continue after a message. */
  #remember(message) {
    // task 7.12: Keep this.session up to date. Some servers have no sessions.
    const { type, session_id, message_id } = message;
    if (type === "welcome" && session_id !== this.session?.id) {
      this.session = session_id ? { id: session_id, last: null } : null;
    } else if (this.session && ["message", "broadcast", "direct", "system"].includes(type)) {
      this.session.last = message_id;
    }
    // end task 7.12
  }

  /** watch gives the server idleTimeout from now. */
  #watch() {
    // task 7.11: After that the connection or attempt has ended with 1006, at once.
    clearTimeout(this.#watchdog);
    if (!this.#options.idleTimeout) return;
    this.#watchdog = setTimeout(() => {
      this.#socket.close();
      this.#ended(1006, "");
    }, this.#options.idleTimeout);
    // end task 7.11
  }

  /** send takes a message, such as {type: "message", data: "hi"}; it returns false when there is no open connection. */
  send(message) {
    // task 9.11: The connection may be taken over, and the next one not there yet: that is no reason to refuse a message.
    if (this.#socket?.readyState !== 1 && !this.#next) return false; // 1 is OPEN
    // end task 9.11
    // task 4.8: Send the message as JSON.
    this.#queue.push(JSON.stringify(message));
    this.#flush();
    // end task 4.8
    return true;
  }

  get token() {
    return this.#token;
  }

  set token(text) {
    // task 11.12: A browser throws where a subprotocol has blanks, and people paste them.
    this.#token = text.trim();
    // end task 11.12
  }

  /** renew goes on with another token, without another connection. */
  renew(token) {
    // task 11.12: The server wants a message of type auth, whose data is the token.
    this.token = token;
    this.send({ type: "auth", data: this.token });
    // end task 11.12
  }

  /**
   * disconnect starts the closing handshake; the state changes when that is over, or after CLOSE_TIMEOUT. What is not
   * open yet ends at once, waiting too. There is no other attempt until connect is called.
   */
  disconnect(code = 1000, reason = "") {
    // task 7.10: This ends the waiting too. Further calls give the server no more time.
    this.#asked = true;
    clearTimeout(this.#timer);
    // task 9.11: What is on its way would be a new connection. What waits goes out now, or never.
    this.#stay();
    if (this.#old) this.#old = this.#old.onclose = null;
    this.#flush();
    // end task 9.11
    if (!this.#socket) {
      if (this.state === "waiting") this.#enter("closed", { code, reason, opened: false, asked: true, advice: STOP });
      return;
    }
    this.#socket.close(code, reason);
    if (this.state === "connecting" || this.#socket.readyState === 3) this.#ended(1006, "");
    else this.#closeTimer ??= setTimeout(() => this.#ended(1006, ""), CLOSE_TIMEOUT);
    // end task 7.10
  }

  /** describe puts an end, as onState got it, into words: what has happened, and what comes next. */
  static describe({ code, reason, opened, asked, attempt, advice }) {
    if (!opened) return asked ? "Given up before it was open" : "Not connected: refused, or no answer";
    const own = code >= 4000 ? "the application's own code" : "unknown code";
    const words = `Closed: ${code}, ${CLOSE_CODES[code]?.[0] ?? own}`;
    const what = reason ? `${words} (“${reason}”)` : words;
    if (!attempt) return what;
    return what + (advice === NEW_SESSION ? ". Connecting again, with a new session" : ". Connecting again");
  }

  #receive(data) {
    // task 4.8: Parse data and hand the message to this.onMessage. Pass over what is no text, no
    // JSON object, or of a type that is not in MESSAGE_TYPES.
    const message = parseMessage(data);
    if (message?.type === "heartbeat") this.#answerHeartbeat(message);
    else if (message?.type === "heartbeat_ack") this.#noteRoundTrip(message);
    else if (message?.type === "reconnect") this.#leaveWithin(message.data);
    else if (MESSAGE_TYPES.has(message?.type)) {
      // task 9.11: A message may come over the old connection, and once more over the one that takes its place.
      if (this.#next) this.#seen.add(message.message_id);
      else if (message.type !== "error" && this.#seen.delete(message.message_id)) return; // an error has the id of what it is about
      // end task 9.11
      // task 7.12: When onMessage is called, this.session knows the message.
      this.#remember(message);
      this.onMessage(message);
      // end task 7.12
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
    // task 9.11: A later connection is a new beginning.
    if (state === "closed") this.#queue = [];
    // end task 9.11
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
