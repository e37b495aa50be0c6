// members.js draws who is in the room, as GET /rooms/{id} tells it.
"use strict";

let asking = new AbortController(); // ends the latest request

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
