// Puts it all on the global object, as a page finds it.

const page = new EventTarget();
const all = {
  console, performance, crypto, TextEncoder, TextDecoder, structuredClone: (value) => structuredClone(value),
  DOMException, Event, CustomEvent, MessageEvent, CloseEvent, EventTarget, AbortSignal, AbortController,
  URL, URLSearchParams, WebSocket, EventSource, Blob, Headers, Response, fetch,
  setTimeout: host.setTimeout, setInterval: host.setInterval, clearTimeout: host.clear, clearInterval: host.clear,
  queueMicrotask(job) {
    if (typeof job !== "function") throw new TypeError("queueMicrotask needs a function");
    Promise.resolve().then(() => {
      try {
        job();
      } catch (thrown) {
        host.threw(thrown);
      }
    });
  },
  reportError: host.threw,
  addEventListener: (...args) => page.addEventListener(...args),
  removeEventListener: (...args) => page.removeEventListener(...args),
  dispatchEvent: (event) => page.dispatchEvent(event),
  location,
  navigator: { onLine: true, userAgent: "testpage" },
  self: globalThis,
};
for (const [name, value] of Object.entries(all)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

Promise.withResolvers ??= function () {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
