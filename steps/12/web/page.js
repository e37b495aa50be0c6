// page.js connects: what the person does becomes a call of the ChatClient, what happens to that is drawn.
"use strict";

const TAKEN_OVER = 4001; // a close code
const title = document.title;
let me = ""; // the client id of this connection, or of the last one
let room = ""; // and its room

const client = new ChatClient({
  onState: drawState,
  onMessage(message) {
    draw[message.type]?.(message);
    keepSession();
  },
  onRoundTrip: drawRoundTrip,
  maxAttempts,
  idleTimeout: 75000, // the server's heartbeats come every 30 s: two are missing
});
const connectionStatus = new ConnectionStatus({ onChange: drawBanner });

recall("client_id");
recall("room_id");
if (wasJoined()) join(); // this is a reload

element("connection").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client.state === "closed") join();
  else {
    connectionStatus.leaving();
    client.disconnect();
  }
});

function join() {
  if (me !== element("client_id").value) endWait(); // the server counts by client id
  me = element("client_id").value;
  room = element("room_id").value || "lobby";
  client.token = element("token").value;
  remember("client_id");
  remember("room_id");
  client.url = socketURL(`ws/${encodeURIComponent(me)}?room_id=${encodeURIComponent(room)}`);
  beginSession();
  explained = false;
  addEntry("notice", "", "Connecting…");
  client.connect();
}

function drawState(state, end) {
  connectionStatus.follow(state, end);
  drawWhere(describeState(state, end), state === "closed" && !end.asked ? "lost" : state);
  logState(state, end);
  element("toggle").textContent = { connecting: "Give up", waiting: "Give up", open: "Leave" }[state] ?? "Join";
  element("client_id").disabled = element("room_id").disabled = state !== "closed";
  if (end) keepSession(); // its end may have made the client forget it
  if (state === "closed") endSession(end);
  if (state === "waiting") showRetry(end);
  else hideRetry();
  enable(state !== "closed");
  if (end?.code === TAKEN_OVER) log.focus(); // not the button, where the next Enter would fight for the place
  allowSending();
  if (state === "open") refreshMembers();
  else hideHealth();
  if (state === "open") {
    explained = false;
    failedAttempts = 0;
  } else if (end && !end.opened && !end.asked) explainRefusal();
}

function describeState(state, end) {
  if (state === "connecting") return "Connecting…";
  if (state === "open") return client.transport === "events" ? "Connected without WebSocket" : "Connected";
  if (state === "waiting") return end.opened ? "Connection lost" : "No connection";
  if (end.code === TAKEN_OVER) return "Taken over by another tab";
  return ChatClient.describe(end);
}

// logState leaves out what is told otherwise: that we are in, by the welcome, and further attempts, in the header.
function logState(state, end) {
  if (state === "waiting" && (end.opened || end.attempt === 1)) addEntry("problem", "", ChatClient.describe(end));
  if (state !== "closed") return;
  if (end.asked) addEntry("notice", "", ChatClient.describe(end));
  else if (end.code === TAKEN_OVER) addEntry("problem", "", `${me} is connected from another tab or device now. To take over here, join again.`);
  else addEntry("problem", "", ChatClient.describe(end) + (failedAttempts ? `. Given up after ${failedAttempts} attempts` : ""));
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
