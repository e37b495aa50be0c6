// dashboard.js draws what a StatsFeed hears. Whatever came over the wire is text and nothing but text.
"use strict";

const element = (id) => document.getElementById(id);
const feed = new StatsFeed({ url: new URL("live", location.href.replace(/^http/, "ws")).href, onUpdate: draw, onState: drawState });

makeCharts(element("charts"), feed.series);
dark.addEventListener("change", () => makeCharts(element("charts"), feed.series));
new ResizeObserver(fitCharts).observe(element("charts"));
feed.connect();

function drawState(state) {
  element("feed").textContent = { connecting: "Connecting…", open: "Live", waiting: "No connection. Trying again…", closed: "Not connected" }[state];
  element("feed").dataset.state = state;
}

function draw({ series, stats }) {
  drawCharts(series);
  element("status").textContent = [stats.status, ...stats.reasons.filter((reason) => reason !== stats.status)].join(", ");
  element("status").dataset.status = stats.status;
  drawTiles(stats);
  drawRows("rooms", stats.rooms, (room) => [room.id, room.members, room.messages]);
  drawRows("errors", stats.recent_errors, (e) => [clock(e.at), e.kind, e.client_id, e.room_id, e.cause]);
  drawRows("events", stats.recent_events, (e) => [clock(e.at), e.event, e.client_id, e.room_id, e.code]);
}

function drawTiles(stats) {
  const tiles = {
    connections: stats.max_connections ? `${stats.connections} / ${stats.max_connections}` : stats.connections,
    rooms: stats.rooms.length,
    "messages / min": round(stats.per_minute["1m"].messages),
    "errors / min": round(stats.per_minute["1m"].errors),
    "round trip, p95": stats.round_trip.count ? `${round(stats.round_trip.p95_ms)} ms` : "–",
    up: duration(stats.uptime_seconds),
  };
  element("tiles").replaceChildren(
    ...Object.entries(tiles).map(([name, value]) => {
      const tile = document.createElement("div");
      tile.append(make("dt", name), make("dd", value));
      return tile;
    }),
  );
}

function drawRows(id, list, cells) {
  element(id).replaceChildren(
    ...list.map((each) => {
      const row = document.createElement("tr");
      row.append(...cells(each).map((cell) => make("td", cell ?? "")));
      return row;
    }),
  );
}

function make(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

const clock = (at) => new Date(at).toLocaleTimeString("en-GB");
const round = (n) => Math.round(n * 10) / 10;

function duration(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${Math.floor(seconds) % 60} s`;
}
