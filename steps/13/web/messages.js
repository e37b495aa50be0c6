// messages.js draws what the server sends: one function for each type of message.
"use strict";

let resumedAt = null; // when the session went on; what is older than that was missed

const draw = {
  welcome({ data, timestamp }) {
    me = data?.client_id ?? me;
    room = data?.room_id ?? room;
    drawWhere(`In ${room} as ${me}`);
    resumedAt = null; // the welcome itself was not missed
    addMessage("notice", "", data?.resumed ? `Back in ${room}, ${me}: your session goes on` : `Welcome to ${room}, ${me}`, timestamp);
    if (data?.reason) addMessage("problem", "", REASONS[data.reason] ?? data.reason, timestamp);
    if (data?.resumed) resumedAt = timeOf(timestamp);
    refreshMembers();
  },

  message({ data, from, timestamp }) {
    addMessage(direction(from), from === me ? `${me} (you)` : from, data, timestamp);
  },

  broadcast({ data, from, room_id, timestamp }) {
    const who = from === me ? `${me} (you)` : `${from} in ${room_id}`;
    addMessage(`${direction(from)} broadcast`, `${who} → all rooms`, data, timestamp);
  },

  direct({ data, from, timestamp }) {
    addMessage("received direct", `${from} → you`, data, timestamp);
  },

  system({ data, timestamp }) {
    addMessage("notice", "", data, timestamp);
    refreshMembers(); // somebody came or went
  },

  auth({ data, timestamp }) {
    addMessage("notice", "", `The new token holds until ${clock(data?.expires_at)}`, timestamp);
  },

  error({ data, code, message_id, timestamp }) {
    const refused = outgoing.get(message_id);
    const entry = addMessage("problem", CODES[code] ?? "Refused", data?.message, timestamp);
    entry.lastElementChild.append(" ", make("code", "", code));
    if (refused) takeBack(refused);
    if (data?.retry_after_ms > 0) startWait(data.retry_after_ms);
  },
};

// What the codes of errors mean to a person. The server's own sentence stands beside it.
const CODES = {
  invalid_json: "The server could not read it",
  too_deep: "Nested too deeply",
  unknown_type: "The server does not know this kind of message",
  unknown_field: "The server does not know a part of it",
  missing_field: "Something is missing",
  invalid_field: "Something in it is not right",
  no_such_client: "Nobody there",
  rate_limited: "Too fast",
  forbidden: "Not allowed",
};

// Why a session does not go on, or not wholly.
const REASONS = {
  unknown_session: "The server does not know your session any more, so this is a new one. What was said meanwhile is lost.",
  log_overflow: "More was said meanwhile than the server keeps: the beginning of it is lost.",
};

const direction = (from) => (from === me ? "sent" : "received");

// addMessage shows the time at which the server took the message. Data that should be a text and is not is a fault
// of the server's, which is shown rather than hidden.
function addMessage(kind, who, data, timestamp) {
  const words = typeof data === "string" ? data : (JSON.stringify(data) ?? "");
  const time = timeOf(timestamp);
  const missed = resumedAt && time < resumedAt;
  const entry = addEntry(missed ? `${kind} missed` : kind, who, words, time);
  if (missed) entry.lastElementChild.append(" ", make("span", "badge", "missed"));
  return entry;
}

// timeOf is when the server took the message. Without a time that can be read, it is now.
function timeOf(timestamp) {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? new Date() : time;
}
