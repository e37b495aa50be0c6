// feed.js keeps what a dashboard shows: it hears the server's updates, and knows nothing of a document.
"use strict";

const REMEMBERED = 15 * 60; // seconds
const LONGEST_SILENCE = 5000; // ms; updates come every second
const FIRST_DELAY = 1000; // ms, before the first attempt to connect again
const LONGEST_DELAY = 30000;

/**
 * StatsFeed hears /admin/live, and connects again whenever the connection ends.
 *
 * - url: of the WebSocket
 * - onUpdate(feed): there is something new in series and stats
 * - onState(state): "connecting", "open", "waiting" or "closed"
 */
class StatsFeed {
  /** series has a list for each of: at, connections, messages, errors, round trip. They are equally long. */
  series = [[], [], [], [], []];
  stats = null; // the latest
  state = "closed";

  #options;
  #socket = null;
  #attempts = 0; // without an update
  #timer; // of the next attempt
  #silence; // the timer that ends a connection on which nothing comes

  constructor({ url, onUpdate = () => {}, onState = () => {} }) {
    this.#options = { url, onUpdate, onState };
  }

  connect() {
    // task 12.11: It has one connection, or one attempt.
    clearTimeout(this.#timer);
    this.#leave();
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    socket.onclose = () => this.#ended(socket);
    this.#expectMore();
    this.#become("connecting");
    // end task 12.11
  }

  close() {
    clearTimeout(this.#timer);
    this.#leave();
    this.#become("closed");
  }

  /** #hear is for each update. */
  #hear(update) {
    // task 12.11: Whoever is told of it may call close().
    this.#attempts = 0;
    this.#expectMore();
    this.stats = update.stats;
    for (const sample of update.samples) this.#add(sample);
    this.#forget();
    this.#become("open");
    if (this.state === "open") this.#options.onUpdate(this); // onState may have closed it
    // end task 12.11
  }

  /** #add puts a sample at the end of the series. */
  #add({ at, connections, messages, errors, round_trip_ms }) {
    // task 12.11: Each second is there once, and a gap where some are missing.
    const last = this.series[0].at(-1);
    if (at <= last) return;
    if (at > last + 1) this.#push(last + 1, null, null, null, null);
    this.#push(at, connections, messages, errors, round_trip_ms);
    // end task 12.11
  }

  #push(...values) {
    values.forEach((value, i) => this.series[i].push(value));
  }

  /** #forget drops what is older than the last REMEMBERED seconds. */
  #forget() {
    // task 12.11: Nothing older stays.
    const oldest = this.series[0].at(-1) - REMEMBERED;
    const first = this.series[0].findIndex((at) => at > oldest);
    if (first > 0) for (const list of this.series) list.splice(0, first);
    // end task 12.11
  }

  /** #expectMore gives the connection so long for its next update. */
  #expectMore() {
    // task 12.11: See LONGEST_SILENCE.
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#silence = setTimeout(() => this.#ended(socket), LONGEST_SILENCE);
    // end task 12.11
  }

  /** #ended is for a connection that has ended, or is to end. */
  #ended(socket) {
    if (socket !== this.#socket) return;
    // task 12.11: Connect again later.
    this.#leave();
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts) * (0.7 + 0.3 * Math.random());
    this.#attempts++;
    this.#timer = setTimeout(() => this.connect(), delay);
    this.#become("waiting");
    // end task 12.11
  }

  /** #leave lets go of the connection, and of what it may still bring. */
  #leave() {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#options.onState(state);
  }
}
