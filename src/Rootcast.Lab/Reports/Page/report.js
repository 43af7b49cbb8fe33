// Draws the charts of report.html from the JSON that the page carries. All figures come ready from the program: nothing is computed here but
// places on the screen. Each chart stands above a table with the same figures, which is there without this script, too.
import * as echarts from "echarts/core";
import { BarChart, CustomChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { LabelLayout } from "echarts/features";

echarts.use([
  BarChart,
  CustomChart,
  ScatterChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  LabelLayout,
  SVGRenderer,
]);

const data = JSON.parse(document.getElementById("data").textContent);
const names = data.cells.map((cell) => cell.name);
const rowHeight = 34;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const printing = window.matchMedia("print");
const narrow = () => document.documentElement.clientWidth < 700;
let charts = [];

const text = (value) => echarts.format.encodeHTML(String(value));
const number = (value, digits) => value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const lines = (title, rows) =>
  `<b>${text(title)}</b><br>` + rows.map(([name, value]) => `${text(name)}: ${text(value)}`).join("<br>");
const spread = (sample, digits) =>
  sample.least === sample.most
    ? number(sample.median, digits)
    : `${number(sample.median, digits)} (${number(sample.least, digits)} to ${number(sample.most, digits)})`;

// Colours that people with each kind of colour blindness tell apart (Okabe and Ito); the page's own for text and lines.
const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b5a800", "#8a8f98", "#5b616b", "#b9c0ca"];

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { text: of("--text"), soft: of("--soft"), line: of("--line"), back: of("--back") };
}

function common(ink) {
  return {
    animation: false,
    color: palette,
    textStyle: { color: ink.text, fontFamily: "sans-serif" },
    aria: { enabled: true, decal: { show: true, decals: decals(ink) } },
    grid: { left: 8, right: narrow() ? 24 : 72, top: 40, bottom: 36, containLabel: true },
    tooltip: { confine: true, backgroundColor: ink.back, borderColor: ink.line, textStyle: { color: ink.text } },
    legend: { type: "plain", top: 0, left: 0, textStyle: { color: ink.text }, itemHeight: 12 },
  };
}

// Faint patterns beside the colours, so that a print in grey can be read.
function decals() {
  const faint = "rgba(255,255,255,0.28)";
  return [
    { symbol: "none" },
    { color: faint, dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 6 },
    { color: faint, symbol: "circle", dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0], symbolSize: 0.6 },
    { color: faint, dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: -Math.PI / 4 },
    { color: faint, dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0] },
    { color: faint, dashArrayX: [1, 0], dashArrayY: [2, 8], rotation: Math.PI / 2 },
  ];
}

function valueAxis(ink, name) {
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 26,
    nameTextStyle: { color: ink.soft },
    axisLabel: { color: ink.soft },
    splitLine: { lineStyle: { color: ink.line } },
  };
}

function cellAxis(ink, cells) {
  return {
    type: "category",
    inverse: true,
    data: cells,
    axisLabel: { color: ink.text, width: narrow() ? 90 : undefined, overflow: narrow() ? "break" : "none" },
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
  };
}

function owners(point) {
  const with_ = data.cells.filter((cell) => cell.owners[point]);
  return {
    rows: with_.length,
    option: (ink) => ({
      ...common(ink),
      grid: { ...common(ink).grid, top: narrow() ? 110 : 64 },
      xAxis: valueAxis(ink, "MiB"),
      yAxis: cellAxis(ink, with_.map((cell) => cell.name)),
      tooltip: {
        ...common(ink).tooltip,
        trigger: "axis",
        axisPointer: { type: "shadow" },
        formatter: (items) =>
          lines(items[0].name, items.filter((item) => item.value > 0).map((item) => [item.seriesName, `${number(item.value, 1)} MiB`])),
      },
      series: data.kinds.map((kind, i) => ({
        type: "bar",
        name: kind,
        stack: "memory",
        barMaxWidth: 22,
        data: with_.map((cell) => Math.max(0, cell.owners[point][i])),
      })),
    }),
  };
}

function timeline() {
  const with_ = data.cells.filter((cell) => cell.stages.length > 0);
  return {
    rows: with_.length,
    option: (ink) => ({
      ...common(ink),
      xAxis: valueAxis(ink, data.seconds),
      yAxis: cellAxis(ink, with_.map((cell) => cell.name)),
      tooltip: {
        ...common(ink).tooltip,
        formatter: (item) => {
          const stage = with_[item.value[0]].stages.find((one) => one.name === item.seriesName);
          return lines(`${with_[item.value[0]].name}: ${stage.name}`, [
            ["takes", `${number(stage.end - stage.start, 2)} ${data.seconds}`],
            ["ends", `${number(stage.end, 2)} (${number(stage.endLeast, 2)} to ${number(stage.endMost, 2)})`],
          ]);
        },
      },
      series: data.stages.map((name, i) => ({
        type: "custom",
        name,
        itemStyle: { color: palette[i % palette.length] },
        encode: { x: [1, 2, 3, 4], y: 0 },
        renderItem: (params, api) => stageShape(api, ink),
        data: with_.flatMap((cell, row) =>
          cell.stages
            .filter((stage) => stage.name === name)
            .map((stage) => [row, stage.start, stage.end, stage.endLeast, stage.endMost]),
        ),
      })),
    }),
  };
}

// A bar from the start to the end of a stage, and across its end a whisker from the earliest to the latest end that was seen.
function stageShape(api, ink) {
  const row = api.value(0);
  const height = Math.min(20, api.size([0, 1])[1] * 0.6);
  const [start, y] = api.coord([api.value(1), row]);
  const [end] = api.coord([api.value(2), row]);
  const [least] = api.coord([api.value(3), row]);
  const [most] = api.coord([api.value(4), row]);
  const line = { stroke: ink.text, lineWidth: 1.2, fill: null };
  const below = y + height / 2 + 3;
  return {
    type: "group",
    children: [
      {
        type: "rect",
        shape: { x: start, y: y - height / 2, width: Math.max(1, end - start), height },
        style: { fill: api.visual("color"), decal: api.visual("decal") },
      },
      { type: "line", shape: { x1: least, y1: below, x2: most, y2: below }, style: line },
      { type: "line", shape: { x1: least, y1: below - 3, x2: least, y2: below + 3 }, style: line },
      { type: "line", shape: { x1: most, y1: below - 3, x2: most, y2: below + 3 }, style: line },
    ],
  };
}

const symbols = ["circle", "rect", "triangle", "diamond", "pin", "arrow", "roundRect"];

function delivery() {
  const with_ = data.cells.filter((cell) => cell.delivered && cell.used);
  const forms = [...new Set(with_.map((cell) => cell.form))];
  return {
    height: 420,
    rows: with_.length,
    option: (ink) => ({
      ...common(ink),
      grid: { ...common(ink).grid, top: narrow() ? 90 : 56 },
      xAxis: { ...valueAxis(ink, "delivered, MB"), min: 0 },
      yAxis: { ...valueAxis(ink, "in use at ready, MiB"), min: 0, nameGap: 44 },
      tooltip: {
        ...common(ink).tooltip,
        formatter: (item) => {
          const cell = with_[item.value[2]];
          return lines(cell.name, [
            ["delivered, MB", spread(cell.delivered, 1)],
            ["in use at ready, MiB", spread(cell.used, 1)],
          ]);
        },
      },
      series: forms.map((form, i) => ({
        type: "scatter",
        name: form,
        symbol: symbols[i % symbols.length],
        symbolSize: 13,
        itemStyle: { color: palette[i % palette.length] },
        label: { show: true, position: "right", color: ink.text, formatter: (item) => with_[item.value[2]].name },
        labelLayout: { moveOverlap: "shiftY" },
        data: with_.map((cell, at) => [cell, at]).filter(([cell]) => cell.form === form).map(([cell, at]) => [cell.delivered.median, cell.used.median, at]),
      })),
    }),
  };
}

function least() {
  const with_ = data.cells.filter((cell) => cell.least);
  return {
    rows: with_.length,
    option: (ink) => ({
      ...common(ink),
      xAxis: valueAxis(ink, "MiB"),
      yAxis: cellAxis(ink, with_.map((cell) => cell.name)),
      tooltip: { ...common(ink).tooltip, formatter: (item) => lines(item.name, [["least memory", `${number(item.value, 0)} MiB`]]) },
      series: [
        {
          type: "bar",
          name: "least memory that gets ready",
          barMaxWidth: 22,
          label: { show: true, position: "right", color: ink.text },
          data: with_.map((cell) => cell.least),
        },
      ],
    }),
  };
}

function described(place) {
  const [kind, point] = place.dataset.chart.split(":");
  return { owners, timeline, delivery, least }[kind](point);
}

function draw() {
  charts.forEach((chart) => chart.dispose());
  const ink = colours();
  charts = [...document.querySelectorAll("[data-chart]")].map((place) => {
    const chart = described(place);
    place.style.height = `${chart.height ?? 130 + chart.rows * rowHeight}px`;
    const drawn = echarts.init(place, null, { renderer: "svg" });
    drawn.setOption(chart.option(ink));
    return drawn;
  });
  document.documentElement.dataset.drawn = String(charts.length);
}

draw();
dark.addEventListener("change", draw);
printing.addEventListener("change", draw);
new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(document.querySelector("main"));
