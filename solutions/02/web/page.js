// page.js draws: what happens to the ChatClient becomes a line in the log, what the person does becomes a call.
"use strict";

const element = (id) => document.getElementById(id);
const log = element("log");
const text = element("text");
const title = document.title;
let me = ""; // the name of this connection, or of the last one

const client = new ChatClient({ onState: drawState, onMessage: drawMessage });

recall("name");

element("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client.state === "closed") join();
  else client.disconnect();
});

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value || !client.send(text.value)) return;
  // What goes to everyone comes back to its sender too. A direct message does not: note it here.
  const direct = parseDirect(text.value);
  if (direct) addEntry("sent direct", `You → ${direct.to}`, direct.text);
  text.value = "";
  text.focus();
});

function join() {
  me = element("name").value;
  remember("name");
  client.url = socketURL(`ws?name=${encodeURIComponent(me)}`);
  client.connect();
}

function drawMessage(data) {
  if (typeof data !== "string") {
    addEntry("received", "Server", `${data.byteLength} bytes`);
    return;
  }
  const message = parseMessage(data);
  const mine = message.from === me;
  if (message.kind === "direct") addEntry("received direct", `${message.from} → you`, message.text);
  else if (message.kind === "chat") addEntry(mine ? "sent" : "received", mine ? `${me} (you)` : message.from, message.text);
  else addEntry(message.kind === "other" ? "received" : message.kind, "", message.text);
}

function drawState(state, close) {
  const words = { connecting: "Connecting…", open: `Connected as ${me}` }[state] ?? ChatClient.describe(close);
  element("state").textContent = words;
  element("state").dataset.state = close && !close.asked ? "lost" : state;
  element("toggle").textContent = { connecting: "Give up", open: "Leave" }[state] ?? "Join";
  element("name").disabled = state !== "closed";
  document.title = state === "open" ? `${me} · ${title}` : title;
  addEntry(close && !close.asked ? "problem" : "notice", "", words);
  enable(state === "open");
  if (close && !close.opened && !close.asked) explainRefusal();
}

// A browser hides status and body of a refused handshake from the page: find out what it can have been.
async function explainRefusal() {
  addEntry("problem", "", await reason());

  async function reason() {
    try {
      await fetch(".", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    } catch {
      return "The server does not answer. Is it running?";
    }
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(me)) return "400: a name has 1 to 32 letters, digits, “_” and “-”.";
    return `The browser does not tell why. Perhaps another client is called ${me} (409), or the server is closing (503).`;
  }
}

// recall fills a field from the address (?name=ana) or with what this tab had last; remember keeps it for that.
function recall(id) {
  element(id).value = new URLSearchParams(location.search).get(id) ?? load(id) ?? "";
}

function remember(id) {
  store(id, element(id).value);
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
