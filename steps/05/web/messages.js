// messages.js draws what the server sends: one function for each type of message.
"use strict";

const draw = {
  welcome({ data, timestamp }) {
    me = data?.client_id ?? me;
    room = data?.room_id ?? room;
    drawWhere(`In ${room} as ${me}`);
    addEntry("notice", "", `Welcome to ${room}, ${me}`, timeOf(timestamp));
    refreshMembers();
  },

  message({ data, from, timestamp }) {
    addEntry(direction(from), from === me ? `${me} (you)` : from, words(data), timeOf(timestamp));
  },

  broadcast({ data, from, room_id, timestamp }) {
    const who = from === me ? `${me} (you)` : `${from} in ${room_id}`;
    addEntry(`${direction(from)} broadcast`, `${who} → all rooms`, words(data), timeOf(timestamp));
  },

  direct({ data, from, timestamp }) {
    addEntry("received direct", `${from} → you`, words(data), timeOf(timestamp));
  },

  system({ data, timestamp }) {
    addEntry("notice", "", words(data), timeOf(timestamp));
    refreshMembers(); // somebody came or went
  },

  error({ data, code, message_id, timestamp }) {
    const refused = outgoing.get(message_id);
    const entry = addEntry("problem", CODES[code] ?? "Refused", words(data?.message), timeOf(timestamp));
    entry.lastElementChild.append(" ", make("code", "", code));
    if (refused) takeBack(refused);
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
};

const direction = (from) => (from === me ? "sent" : "received");

// words is the text of a message; a server that sends something else has a fault, which is shown rather than hidden.
const words = (data) => (typeof data === "string" ? data : JSON.stringify(data) ?? "");

// timeOf is when the server took the message. Without a time that can be read, it is now.
function timeOf(timestamp) {
  const time = new Date(timestamp);
  return Number.isNaN(time.getTime()) ? new Date() : time;
}
