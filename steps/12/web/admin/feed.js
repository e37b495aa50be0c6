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
    // TODO(12.11): It has one connection, or one attempt.
    new WebSocket(this.#options.url); // placeholder: nobody hears what comes
  }

  close() {
    clearTimeout(this.#timer);
    this.#leave();
    this.#become("closed");
  }

  /** #hear is for each update. */
  #hear(update) {
    // TODO(12.11): Whoever is told of it may call close().
  }

  /** #add puts a sample at the end of the series. */
  #add({ at, connections, messages, errors, round_trip_ms }) {
    // TODO(12.11): Each second is there once, and a gap where some are missing.
    this.#push(at, connections, messages, errors, round_trip_ms); // placeholder
  }

  #push(...values) {
    values.forEach((value, i) => this.series[i].push(value));
  }

  /** #forget drops what is older than the last REMEMBERED seconds. */
  #forget() {
    // TODO(12.11): Nothing older stays.
  }

  /** #expectMore gives the connection so long for its next update. */
  #expectMore() {
    // TODO(12.11): See LONGEST_SILENCE.
  }

  /** #ended is for a connection that has ended, or is to end. */
  #ended(socket) {
    if (socket !== this.#socket) return;
    // TODO(12.11): Connect again later.
    this.#leave();
    this.#become("waiting"); // placeholder: it waits for ever
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
