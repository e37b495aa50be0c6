// refusals.js finds out why the server let nobody in: a browser hides status and body of a refused handshake.
"use strict";

let explained = false; // once is enough, however many attempts fail

async function explainRefusal() {
  if (explained) return;
  explained = true;
  const reason = await findReason();
  if (client.state === "open") return; // the next attempt was quicker
  addEntry("problem", "", reason);
  if (/^40[01]/.test(reason)) client.disconnect(); // no other attempt will fare better
}

async function findReason() {
  const valid = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
  const rule = "1 to 64 letters, digits, “_”, “-” and “.”, the first a letter or digit.";
  let rooms;
  try {
    const response = await fetch("rooms", { cache: "no-store", signal: AbortSignal.timeout(5000), headers: authorization() });
    if (response.status === 401) return client.token ? "401: the token does not hold." : "401: this server asks for a token.";
    rooms = (await response.json()).rooms;
  } catch (error) {
    if (error instanceof SyntaxError) return "The browser does not tell why, and GET /rooms answers no JSON to find out.";
    return "The server does not answer. Is it running?";
  }
  if (!valid.test(me)) return `400: a client id has ${rule}`;
  if (!valid.test(room)) return `400: a room has ${rule}`;
  const full = rooms.find(({ id, capacity, members }) => id === room && members.length >= capacity);
  if (full) return `503: the room ${room} is full, with ${full.members.length} in it.`;
  return "The browser does not tell why, and GET /rooms shows no reason.";
}
