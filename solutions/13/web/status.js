// status.js puts a ChatClient's states into the words that people are told. The names are those of Ably, which many know.
"use strict";

/**
 * ConnectionStatus follows a ChatClient's states. Its own is one of these:
 *
 * - "connecting": for the first time, or again
 * - "connected"
 * - "disconnected": between two attempts; what is missed meanwhile comes later
 * - "suspended": not connected for so long that the server has forgotten the session; what was missed is lost
 * - "closing", "closed": the person has left
 * - "failed": there is no further attempt unless the person asks for one
 *
 * onChange(state, end) is called at each change; end is what the ChatClient said of it, if anything.
 */
class ConnectionStatus {
  #suspendAfter;
  #timer = null; // runs while there should be a connection and is none

  constructor({ suspendAfter = 120000, onChange = () => {} } = {}) {
    this.#suspendAfter = suspendAfter;
    this.onChange = onChange;
    this.state = "closed";
  }

  /** follow takes what a ChatClient's onState is called with. */
  follow(state, end) {
    // task 9.12: An attempt is no connection.
    if (state === "open") return this.#settle("connected", end);
    if (state === "closed") return this.#settle(end.asked ? "closed" : "failed", end);
    this.#timer ??= setTimeout(() => this.#enter("suspended"), this.#suspendAfter);
    if (this.state !== "suspended") this.#enter(state === "waiting" ? "disconnected" : "connecting", end);
    // end task 9.12
  }

  /** leaving is called when the person leaves, before the ChatClient has ended the connection. */
  leaving() {
    if (this.state !== "closed" && this.state !== "failed") this.#settle("closing");
  }

  /** settle enters a state in which no time is running. */
  #settle(state, end) {
    // task 9.12: It may have run before.
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#enter(state, end);
    // end task 9.12
  }

  #enter(state, end) {
    if (this.state === state) return;
    this.state = state;
    this.onChange(state, end);
  }
}

globalThis.ConnectionStatus = ConnectionStatus;
