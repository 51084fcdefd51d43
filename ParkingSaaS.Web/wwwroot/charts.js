import { init } from "./lib/echarts.js";

// Draws what Shell/Chart.razor says, in the page's colours, and again when those or the room for it change.
const colours = ["--accent", "--series-2", "--series-3", "--series-4", "--series-5"];

export function draw(element, json) {
  const chart = init(element);
  let spec = JSON.parse(json), animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const paint = () => chart.setOption({ ...options(spec, getComputedStyle(document.body)), animation: animate }, true);
  const room = new ResizeObserver(() => chart.resize());
  const mode = new MutationObserver(paint);
  room.observe(element);
  mode.observe(document.body, { attributeFilter: ["data-theme"] });
  paint();
  return {
    update: next => { spec = JSON.parse(next); animate = false; paint(); },
    dispose: () => { room.disconnect(); mode.disconnect(); chart.dispose(); },
  };
}

function options(spec, style) {
  const colour = name => style.getPropertyValue(name).trim();
  const amount = value => value == null ? "–" : spec.prefix + value.toLocaleString(spec.language, { minimumFractionDigits: spec.digits, maximumFractionDigits: spec.digits });
  return {
    color: colours.map(colour),
    textStyle: { fontFamily: "inherit", color: colour("--muted") },
    grid: { left: 8, right: 12, top: spec.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    legend: { show: spec.series.length > 1, top: 0, left: 0, icon: "roundRect", itemWidth: 14, textStyle: { color: colour("--muted") } },
    tooltip: {
      trigger: "axis", valueFormatter: amount, backgroundColor: colour("--surface"), borderColor: colour("--rule"), textStyle: { color: colour("--ink") },
    },
    xAxis: { type: "category", data: spec.labels, axisLabel: { color: colour("--muted") }, axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: colour("--rule") } } },
    yAxis: { type: "value", axisLabel: { color: colour("--muted") }, minInterval: spec.digits ? undefined : 1, splitLine: { lineStyle: { color: colour("--rule") } } },
    series: spec.series.map(s => ({
      name: s.name, type: s.line ? "line" : "bar", data: s.values, stack: s.stack || undefined, smooth: s.line ? .25 : undefined, showSymbol: false,
      barMaxWidth: 28, itemStyle: s.line ? undefined : { borderRadius: s.stack ? 0 : [3, 3, 0, 0] },
      lineStyle: s.dashed ? { type: "dashed", width: 1.5 } : undefined, areaStyle: s.filled ? { opacity: .15 } : undefined,
    })),
  };
}
