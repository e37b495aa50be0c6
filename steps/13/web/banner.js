// banner.js says on top of the page what is wrong with the connection, what is being done about it, and what it means.
"use strict";

const BANNERS = {
  disconnected: () => "Connection lost. Trying again; what is said meanwhile comes later.",
  suspended: () => "No connection for two minutes. Trying again; what is said meanwhile is lost.",
  failed: (end) => `Not connected any more, and not trying again: ${ChatClient.describe(end)}.`,
};

// drawBanner is called with each state of a ConnectionStatus. The banner stays while the page is only trying again.
function drawBanner(state, end) {
  if (state === "connecting" && !element("banner").hidden) return;
  const words = BANNERS[state]?.(end) ?? "";
  element("banner").textContent = words;
  element("banner").dataset.state = state;
  element("banner").hidden = !words;
}
