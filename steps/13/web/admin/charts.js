// charts.js draws the series of a StatsFeed with uPlot.
"use strict";

const CHARTS = [
  { title: "Connections", series: 1, color: "--connections" },
  { title: "Messages per second", series: 2, color: "--messages" },
  { title: "Errors per second", series: 3, color: "--errors" },
  { title: "Slowest round trip, ms", series: 4, color: "--round-trip", points: true },
];

const dark = matchMedia("(prefers-color-scheme: dark)");
let drawn = [];

/** color returns what a variable of admin.css says now. */
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** makeCharts puts a chart for each of CHARTS into a place, instead of what is there. */
function makeCharts(place, data) {
  for (const { plot } of drawn) plot.destroy();
  const boxes = CHARTS.map(makeBox);
  place.replaceChildren(...boxes); // all of them first: how wide each is depends on the others
  drawn = CHARTS.map((chart, i) => ({ box: boxes[i], chart, plot: new uPlot(optionsOf(chart, boxes[i]), valuesOf(chart, data), boxes[i]) }));
}

function makeBox({ title }) {
  const box = document.createElement("figure");
  const caption = document.createElement("figcaption");
  caption.textContent = title;
  box.append(caption);
  return box;
}

/** sizeOf is how large the chart in a box may be. */
const sizeOf = (box) => ({ width: box.firstChild.clientWidth, height: 150 });

function optionsOf(chart, box) {
  const axis = { stroke: color("--faint"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
  const line = { stroke: color(chart.color), width: 2, points: { show: chart.points ?? false, size: 4 }, spanGaps: chart.points ?? false };
  return {
    ...sizeOf(box),
    padding: [8, 24, 0, 0], // the last time on the axis needs some room
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { range: (u, min, max) => [Math.min(min, max - 60), max] }, y: { range: (u, min, max) => [0, Math.max(1, max ?? 1) * 1.1] } },
    axes: [{ ...axis, space: 70, size: 32, values: "{HH}:{mm}:{ss}" }, { ...axis, size: 48 }],
    series: [{}, line],
  };
}

const valuesOf = (chart, data) => [data[0], data[chart.series]];

function drawCharts(data) {
  for (const { chart, plot } of drawn) plot.setData(valuesOf(chart, data));
}

function fitCharts() {
  for (const { box, plot } of drawn) plot.setSize(sizeOf(box));
}
