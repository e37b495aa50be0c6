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

/** makeCharts puts a chart for each of CHARTS into a place that is empty afterwards of others. */
function makeCharts(place, data) {
  for (const { plot } of drawn) plot.destroy();
  place.replaceChildren();
  drawn = CHARTS.map((chart) => {
    const box = document.createElement("figure");
    const title = document.createElement("figcaption");
    title.textContent = chart.title;
    box.append(title);
    place.append(box);
    return { box, chart, plot: new uPlot(optionsOf(chart, box), valuesOf(chart, data), box) };
  });
}

function optionsOf(chart, box) {
  const axis = { stroke: color("--faint"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 } };
  const line = { stroke: color(chart.color), width: 2, points: { show: chart.points ?? false, size: 4 }, spanGaps: chart.points ?? false };
  return {
    width: box.clientWidth,
    height: 150,
    cursor: { show: false },
    legend: { show: false },
    scales: { y: { range: (u, min, max) => [0, Math.max(1, max ?? 1) * 1.1] } },
    axes: [{ ...axis, space: 70, values: "{HH}:{mm}:{ss}" }, { ...axis, size: 48 }],
    series: [{}, line],
  };
}

const valuesOf = (chart, data) => [data[0], data[chart.series]];

function drawCharts(data) {
  for (const { chart, plot } of drawn) plot.setData(valuesOf(chart, data));
}

function fitCharts() {
  for (const { box, plot } of drawn) plot.setSize({ width: box.clientWidth, height: 150 });
}
