// composer.js sends what is typed. The server answers only what it refuses, by the id that the message was given here.
"use strict";

const text = element("text");
const outgoing = new Map(); // by that id: {line, entry}
const prefix = Date.now().toString(36);
let sent = 0;

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const line = text.value;
  if (!line || isWaiting()) return;
  const message = parseLine(line);
  if (!message) return drawUsage(line);
  const message_id = `${prefix}-${++sent}`;
  if (!client.send({ ...message, message_id })) return;
  // What goes to many comes back to its sender too. A direct message does not: note it here.
  const entry = message.type === "direct" ? addEntry("sent direct", `You → ${message.to}`, message.data) : null;
  outgoing.set(message_id, { line, entry });
  outgoing.delete(`${prefix}-${sent - 100}`); // no answer will come any more
  text.value = "";
  text.focus();
});

// takeBack marks a message that was refused, and offers it again to whoever has not begun another.
function takeBack({ line, entry }) {
  entry?.classList.add("refused");
  if (text.value) return;
  text.value = line;
  text.setSelectionRange(0, line.length); // the next key replaces it
}

function drawUsage(line) {
  const usage = line.startsWith("/all") ? "“/all” needs a text: /all hello" : "“/msg” needs an id and a text: /msg bob hello";
  element("usage").textContent = usage;
  text.ariaInvalid = "true";
}

text.addEventListener("input", () => {
  element("usage").textContent = "";
  text.ariaInvalid = null;
});

// allowSending: what is typed while there is no connection stays until there is one.
function allowSending() {
  element("send").disabled = isWaiting() || client.state !== "open";
}

// enable opens or locks the composer and puts the focus where the next thing is to be done.
function enable(open) {
  const composer = element("composer").firstElementChild;
  if (composer.disabled === !open) return;
  composer.disabled = !open;
  (open ? text : element("toggle")).focus();
}
