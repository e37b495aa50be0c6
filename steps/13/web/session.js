// session.js keeps in this tab's storage what a reload needs: who is joined, and where the session is to go on.
"use strict";

// beginSession goes on with what there is of this client in this room.
function beginSession() {
  const kept = load("session");
  const ours = kept?.me === me && kept.room === room && typeof kept.id === "string";
  client.session = ours ? { id: kept.id, last: kept.last } : null;
  store("joined", { me, room });
}

// keepSession is for after each message, which moves the place where to go on, and after each end of a connection.
function keepSession() {
  store("session", client.session && { ...client.session, me, room });
}

// endSession: who leaves begins anew next time. Who was taken over or gave up may go on, but not without being asked.
function endSession({ asked }) {
  store("joined", null);
  if (asked) store("session", null);
}

// wasJoined tells whether this page was in that room when it was reloaded.
function wasJoined() {
  const joined = load("joined");
  return joined?.me === element("client_id").value && joined.room === (element("room_id").value || "lobby");
}
