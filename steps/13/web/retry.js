// retry.js shows when the next attempt to connect comes, and makes it come sooner.
"use strict";

const maxAttempts = 10;
let retryTimer = null;
let failedAttempts = 0; // since a connection was open

function showRetry({ delay, attempt }) {
  failedAttempts = attempt; // if this one fails too, and is the last
  const due = performance.now() + delay;
  const draw = () => {
    const seconds = Math.max(0, Math.ceil((due - performance.now()) / 1000));
    element("countdown").textContent = `next attempt in ${seconds} s, ${attempt} of ${maxAttempts}`;
  };
  clearInterval(retryTimer);
  retryTimer = setInterval(draw, 100);
  draw();
  element("retry").hidden = false;
}

function hideRetry() {
  clearInterval(retryTimer);
  element("retry").hidden = true;
}

element("try-now").addEventListener("click", () => {
  text.focus(); // the button is about to go
  client.connect();
});

// A network that is back is worth an attempt at once.
addEventListener("online", () => {
  if (client.state === "waiting") client.connect();
});
