// page.js connects: what the person does becomes a call of the ChatClient, what happens to that is drawn.
"use strict";

const title = document.title;
let me = ""; // the client id of this connection, or of the last one
let room = ""; // and its room

const client = new ChatClient({
  onState: drawState,
  onMessage: (message) => draw[message.type]?.(message),
  onRoundTrip: drawRoundTrip,
});

recall("client_id");
recall("room_id");

element("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client.state === "closed") join();
  else client.disconnect();
});

function join() {
  if (me !== element("client_id").value) endWait(); // the server counts by client id
  me = element("client_id").value;
  room = element("room_id").value || "lobby";
  remember("client_id");
  remember("room_id");
  client.url = socketURL(`ws/${encodeURIComponent(me)}?room_id=${encodeURIComponent(room)}`);
  client.connect();
}

function drawState(state, close) {
  const where = { connecting: "Connecting…", open: "Connected" }[state] ?? ChatClient.describe(close);
  const lost = close && !close.asked;
  drawWhere(where, lost ? "lost" : state);
  if (state !== "open") addEntry(lost ? "problem" : "notice", "", where); // then the welcome says it
  element("toggle").textContent = { connecting: "Give up", open: "Leave" }[state] ?? "Join";
  element("client_id").disabled = element("room_id").disabled = state !== "closed";
  enable(state === "open");
  if (state === "open") refreshMembers();
  else hideHealth();
  if (lost && !close.opened) explainRefusal();
}

function hideHealth() {
  hideMembers();
  element("round-trip").hidden = true;
}

// drawWhere says in the header where we are. That we are in a room is the server's to say, in its welcome.
function drawWhere(where, state = client.state) {
  element("state").textContent = where;
  element("state").dataset.state = state;
  document.title = state === "open" ? `${me} in ${room} · ${title}` : title;
}

// drawRoundTrip shows how long an answer took; it stands there until the next one or the end.
function drawRoundTrip(milliseconds) {
  element("round-trip").textContent = `round trip ${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  element("round-trip").hidden = false;
}

// recall fills a field from the address (?client_id=ana) or with what this tab had last; remember keeps it for that.
function recall(id) {
  element(id).value = new URLSearchParams(location.search).get(id) ?? load(id) ?? "";
}

function remember(id) {
  store(id, element(id).value);
}

function socketURL(path) {
  const url = new URL(path, document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
