// wait.js holds the composer back for as long as the server refuses more, and shows for how long that is.
"use strict";

let waitUntil = 0; // by performance.now(); in the past when there is no wait
let waitTimer = null;

const isWaiting = () => performance.now() < waitUntil;

// startWait begins a wait, or makes one longer. What is typed meanwhile stays; it cannot be sent before the end.
function startWait(milliseconds) {
  waitUntil = Math.max(waitUntil, performance.now() + milliseconds);
  clearInterval(waitTimer);
  waitTimer = setInterval(drawWait, 100);
  drawWait();
}

function endWait() {
  waitUntil = 0;
  clearInterval(waitTimer);
  waitTimer = null;
  drawWait();
}

function drawWait() {
  const waiting = isWaiting();
  element("wait").textContent = waiting ? `Too fast: wait ${Math.ceil((waitUntil - performance.now()) / 1000)} s` : "";
  element("wait").hidden = !waiting;
  allowSending();
  if (waiting || waitTimer === null) return;
  endWait();
  addEntry("notice", "", "You may write again"); // in the log, where it is read out once: a countdown would never stop
}
