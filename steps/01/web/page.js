// page.js draws: what happens to the ChatClient becomes a line in the log, what the person does becomes a call.
"use strict";

const element = (id) => document.getElementById(id);
const log = element("log");
const text = element("text");

const client = new ChatClient({ url: socketURL("ws"), onState: drawState, onMessage: drawMessage });

element("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client.state === "closed") client.connect();
  else client.disconnect();
});

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client.send(text.value)) sent(text.value);
});

element("send-bytes").addEventListener("click", () => {
  const bytes = new TextEncoder().encode(text.value);
  if (client.send(bytes)) sent(describeBytes(bytes));
});

function sent(words) {
  addEntry("sent", "You", words);
  text.value = "";
  text.focus();
}

function drawMessage(data) {
  addEntry("received", "Server", typeof data === "string" ? data : describeBytes(new Uint8Array(data)));
}

function drawState(state, close) {
  const words = { connecting: "Connecting…", open: "Connected" }[state] ?? ChatClient.describe(close);
  element("state").textContent = words;
  element("state").dataset.state = close && !close.asked ? "lost" : state;
  element("toggle").textContent = { connecting: "Give up", open: "Disconnect" }[state] ?? "Connect";
  addEntry(close && !close.asked ? "problem" : "notice", "", words);
  enable(state === "open");
}

// enable opens or locks the composer and puts the focus where the next thing is to be done.
function enable(open) {
  const composer = element("composer").firstElementChild;
  if (composer.disabled === !open) return;
  composer.disabled = !open;
  (open ? text : element("toggle")).focus();
}

function socketURL(path) {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function describeBytes(bytes) {
  const hex = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0"));
  const more = bytes.length > hex.length ? " …" : "";
  return `${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"}: ${hex.join(" ")}${more}`;
}

// addEntry puts a line at the end of the log. Whatever came over the wire is text and nothing but text:
// textContent, never innerHTML.
function addEntry(kind, who, words) {
  const now = new Date();
  const entry = make("p", `entry ${kind}`);
  const time = make("time", "", now.toLocaleTimeString("en-GB") + "." + String(now.getMilliseconds()).padStart(3, "0"));
  time.dateTime = now.toISOString();
  const body = make("span", "body");
  if (who) body.append(make("span", "who", who), " ");
  body.append(make("span", "text", shorten(words)));
  entry.append(time, " ", body);

  const following = log.scrollHeight - log.scrollTop - log.clientHeight < 50;
  log.append(entry);
  if (log.childElementCount > 500) log.firstElementChild.remove();
  // Someone who has scrolled up to read is left in peace.
  if (following || kind.startsWith("sent")) log.scrollTop = log.scrollHeight;
}

function make(tag, className, words = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function shorten(words) {
  const most = 2000;
  return words.length <= most ? words : `${words.slice(0, most)} … (${words.length} characters)`;
}
