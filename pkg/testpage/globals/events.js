// Events as the DOM standard has them, as far as a page without a document needs them.

class DOMException extends Error {
  constructor(message = "", name = "Error") {
    super(message);
    Object.defineProperty(this, "name", { value: name, configurable: true });
  }
}

class Event {
  #stopped = false;
  constructor(type, { cancelable = false } = {}) {
    this.type = String(type);
    this.cancelable = cancelable;
    this.defaultPrevented = false;
    this.target = null;
    this.currentTarget = null;
    this.timeStamp = performance.now();
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    this.#stopped = true;
  }
  static stopped(event) {
    return event.#stopped;
  }
}
const isStopped = Event.stopped;
delete Event.stopped;

class CustomEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.detail = init.detail ?? null;
  }
}

class MessageEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.data = init.data ?? null;
    this.origin = init.origin ?? "";
    this.lastEventId = init.lastEventId ?? "";
  }
}

class CloseEvent extends Event {
  constructor(type, init = {}) {
    super(type, init);
    this.code = init.code ?? 0;
    this.reason = init.reason ?? "";
    this.wasClean = init.wasClean ?? false;
  }
}

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, options) {
    if (listener == null) return;
    const once = typeof options === "object" && !!options?.once;
    const list = this.#listeners.get(type) ?? [];
    if (list.some((entry) => entry.listener === listener)) return;
    const entry = { listener, once };
    if (options?.signal?.aborted) return;
    options?.signal?.addEventListener("abort", () => this.removeEventListener(type, listener));
    this.#listeners.set(type, [...list, entry]);
  }

  removeEventListener(type, listener) {
    const list = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, list.filter((entry) => entry.listener !== listener));
  }

  dispatchEvent(event) {
    event.target = event.currentTarget = this;
    for (const entry of this.#listeners.get(event.type) ?? []) {
      if (!(this.#listeners.get(event.type) ?? []).includes(entry)) continue; // removed meanwhile
      if (entry.once) this.removeEventListener(event.type, entry.listener);
      call(entry.listener, this, event);
      if (isStopped(event)) break;
    }
    event.currentTarget = null;
    return !event.defaultPrevented;
  }
}

// call has a listener take an event. What it throws is its own affair: the next one is called all the same.
function call(listener, target, event) {
  try {
    if (typeof listener === "function") listener.call(target, event);
    else listener.handleEvent(event);
  } catch (thrown) {
    host.threw(thrown);
  }
}

// handlers gives a class the attributes onopen, onmessage, …: each is a listener that keeps the place in which it
// was first set.
function handlers(proto, ...types) {
  for (const type of types) {
    const set = new WeakMap();
    Object.defineProperty(proto, "on" + type, {
      enumerable: true,
      configurable: true,
      get() {
        return set.get(this)?.handler ?? null;
      },
      set(handler) {
        if (typeof handler !== "function") handler = null;
        const slot = set.get(this);
        if (slot) {
          slot.handler = handler;
          return;
        }
        const fresh = { handler };
        set.set(this, fresh);
        this.addEventListener(type, (event) => fresh.handler?.call(this, event));
      },
    });
  }
}

// constants makes static fields of a class constants, which its instances have too.
function constants(type, ...names) {
  for (const name of names) {
    Object.defineProperty(type, name, { writable: false, configurable: false });
    Object.defineProperty(type.prototype, name, { value: type[name], enumerable: true });
  }
}

class AbortSignal extends EventTarget {
  aborted = false;
  reason = undefined;
  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }
  static abort(reason) {
    const controller = new AbortController();
    controller.abort(reason);
    return controller.signal;
  }
  static timeout(milliseconds) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException("The operation timed out.", "TimeoutError")), milliseconds);
    return controller.signal;
  }
}
handlers(AbortSignal.prototype, "abort");

class AbortController {
  signal = new AbortSignal();
  abort(reason = new DOMException("The operation was aborted.", "AbortError")) {
    if (this.signal.aborted) return;
    this.signal.aborted = true;
    this.signal.reason = reason;
    this.signal.dispatchEvent(new Event("abort"));
  }
}
