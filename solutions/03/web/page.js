// page.js draws: what happens to the ChatClient becomes a line in the log, what the person does becomes a call.
"use strict";

const element = (id) => document.getElementById(id);
const log = element("log");
const text = element("text");
const title = document.title;
let me = ""; // the client id of this connection, or of the last one
let room = ""; // and its room
let asking = new AbortController(); // ends the latest request for the room's members

const client = new ChatClient({ onState: drawState, onMessage: drawMessage });

recall("client_id");
recall("room_id");

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
  me = element("client_id").value;
  room = element("room_id").value || "lobby";
  remember("client_id");
  remember("room_id");
  client.url = socketURL(`ws/${encodeURIComponent(me)}?room_id=${encodeURIComponent(room)}`);
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
  if (message.kind === "notice") refreshMembers();
}

function drawState(state, close) {
  const words = { connecting: "Connecting…", open: `In ${room} as ${me}` }[state] ?? ChatClient.describe(close);
  element("state").textContent = words;
  element("state").dataset.state = close && !close.asked ? "lost" : state;
  element("toggle").textContent = { connecting: "Give up", open: "Leave" }[state] ?? "Join";
  element("client_id").disabled = element("room_id").disabled = state !== "closed";
  document.title = state === "open" ? `${me} in ${room} · ${title}` : title;
  addEntry(close && !close.asked ? "problem" : "notice", "", words);
  enable(state === "open");
  if (state === "open") refreshMembers();
  else hideMembers();
  if (close && !close.opened && !close.asked) explainRefusal();
}

// refreshMembers asks who is in the room now. An answer that a later question has overtaken is not drawn.
async function refreshMembers() {
  asking.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`rooms/${encodeURIComponent(room)}`, { cache: "no-store", signal: asking.signal });
    drawMembers((await response.json()).members);
  } catch (error) {
    if (error.name !== "AbortError") hideMembers();
  }
}

function hideMembers() {
  asking.abort();
  element("members").parentElement.hidden = true;
}

function drawMembers(members) {
  element("members-of").textContent = `${room} · ${members.length}`;
  element("members").replaceChildren(...members.map(makeMember));
  element("members").parentElement.hidden = false;
}

// makeMember makes one line of the list: for anyone else a button that begins a direct message.
function makeMember({ id, connected_at }) {
  const item = make("li", "");
  item.title = `since ${new Date(connected_at).toLocaleTimeString("en-GB")}`;
  if (id === me) {
    item.className = "self";
    item.textContent = `${id} (you)`;
    return item;
  }
  const button = make("button", "", id);
  button.ariaLabel = `Write to ${id} alone`;
  button.addEventListener("click", () => {
    text.value = `/msg ${id} `;
    text.focus();
  });
  item.append(button);
  return item;
}

// A browser hides status and body of a refused handshake from the page: find out what it must have been.
async function explainRefusal() {
  const valid = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
  const rule = "1 to 64 letters, digits, “_”, “-” and “.”, the first a letter or digit.";
  addEntry("problem", "", await reason());

  async function reason() {
    let rooms;
    try {
      rooms = (await (await fetch("rooms", { cache: "no-store", signal: AbortSignal.timeout(5000) })).json()).rooms;
    } catch (error) {
      if (error instanceof SyntaxError) return "The browser does not tell why, and GET /rooms answers no JSON to find out.";
      return "The server does not answer. Is it running?";
    }
    if (!valid.test(me)) return `400: a client id has ${rule}`;
    if (!valid.test(room)) return `400: a room has ${rule}`;
    const other = rooms.find(({ members }) => members.some(({ id }) => id === me));
    if (other) return `409: ${me} is connected already, in the room ${other.id}.`;
    const full = rooms.find(({ id }) => id === room);
    if (full) return `503: the room ${room} is full, with ${full.members.length} in it.`;
    return "The browser does not tell why, and GET /rooms shows no reason.";
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
