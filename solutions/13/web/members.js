// members.js draws who is in the room, as GET /rooms/{id} tells it.
"use strict";

let asking = new AbortController(); // ends the latest request

// Who is there is told; how they are has to be asked for.
setInterval(() => {
  if (client.state === "open" && !document.hidden) refreshMembers();
}, 3000);

// refreshMembers asks who is in the room now. An answer that a later question has overtaken is not drawn.
async function refreshMembers() {
  asking.abort();
  asking = new AbortController();
  try {
    const response = await fetch(`rooms/${encodeURIComponent(room)}`, { cache: "no-store", signal: asking.signal, headers: authorization() });
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
  const list = element("members");
  const focused = list.contains(document.activeElement) ? document.activeElement.textContent : "";
  element("members-of").textContent = `${room} · ${members.length}`;
  list.replaceChildren(...members.map(makeMember));
  list.parentElement.hidden = false;
  if (focused) Array.from(list.querySelectorAll("button")).find((b) => b.textContent === focused)?.focus();
}

// makeMember makes one line of the list: for anyone else with a button that begins a direct message.
function makeMember(member) {
  const { id, connected_at } = member;
  const item = make("li", id === me ? "self" : "");
  item.title = `since ${clock(connected_at)}`;
  item.append(id === me ? make("span", "id", `${id} (you)`) : makeWriteTo(id), make("span", "life", describeLife(member)));
  return item;
}

function makeWriteTo(id) {
  const button = make("button", "id", id);
  button.ariaLabel = `Write to ${id} alone`;
  button.addEventListener("click", () => {
    text.value = `/msg ${id} `;
    text.focus();
  });
  return button;
}

// describeLife tells what the server knows of a member's health; an older one knows nothing.
function describeLife({ last_seen, messages_in, messages_out, reconnects }) {
  const known = [];
  if (last_seen) known.push(`seen ${clock(last_seen)}`);
  if (messages_in !== undefined) known.push(`${messages_in} in`);
  if (messages_out !== undefined) known.push(`${messages_out} out`);
  if (reconnects) known.push(`back ${reconnects}×`);
  return known.join(" · ");
}

const clock = (timestamp) => new Date(timestamp).toLocaleTimeString("en-GB");
