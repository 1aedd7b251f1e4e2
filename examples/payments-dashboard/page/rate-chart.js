/** Payments per second of the five sources with the highest volume, as lines with their names at the right end. */
import { Colors } from './colors.js';
import { clockTime, element, smoothPath, spread, timeTicks } from './svg.js';

const SHOWN = 5;
const SPAN_MS = 10 * 60_000;
/** A window is drawn when it can hardly change any more: records are up to five seconds out of order. */
const SETTLE_MS = 3000;
const colors = new Colors();
const money = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function drawRates(svg, series, now) {
  const { width, height } = svg.getBoundingClientRect();
  const narrow = width < 520;
  const plot = { left: 34, right: width - (narrow ? 124 : 212), top: 10, bottom: height - 24 };
  const lines = linesOf(series, now);
  const to = now - SETTLE_MS - series.stepMs / 2;
  const from = Math.max(to - SPAN_MS, Math.min(series.starts[0] + series.stepMs / 2, to - 60_000));
  const top = niceTop(Math.max(...lines.flatMap((line) => line.points.map(([, rate]) => rate)), 1));
  const x = (time) => plot.left + ((plot.right - plot.left) * (time - from)) / (to - from);
  const y = (rate) => plot.bottom - ((plot.bottom - plot.top) * rate) / top;
  svg.replaceChildren(
    ...grid(top, { plot, y }),
    ...times(timeTicks(from, to, narrow ? 4 : 10), { plot, x }),
    ...lines.map((line) => path(line, { x, y, from })),
    ...labels(lines, { plot, x, y, narrow }),
  );
}

/** The sources with the highest volume, each with the middle of a window and its rate as points. */
function linesOf({ keys, starts, stepMs }, now) {
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const ranked = Object.entries(keys)
    .map(([name, { payments, volume }]) => ({ name, payments, volume: sum(volume) }))
    .sort((a, b) => b.volume - a.volume)
    .slice(0, SHOWN);
  const taken = colors.assign(ranked.map((line) => line.name));
  return ranked.map(({ name, payments, volume }) => ({
    name,
    volume,
    color: taken.get(name),
    points: starts
      .map((start, i) => [start + stepMs / 2, (payments[i] * 1000) / stepMs])
      .filter(([middle]) => middle + stepMs / 2 <= now - SETTLE_MS),
  }));
}

function path({ points, color, name }, { x, y, from }) {
  const visible = points.filter(([time]) => time >= from - 10_000);
  const title = element('title', {});
  title.textContent = name;
  const d = smoothPath(visible.map(([time, rate]) => [x(time), y(rate)]));
  return element('path', { class: 'rate', style: `stroke: ${color}`, d }, title);
}

function labels(lines, { plot, x, y, narrow }) {
  const places = lines
    .filter((line) => line.points.length > 0)
    .map((line) => {
      const [time, rate] = line.points.at(-1);
      return { line, rate, x: x(time), middle: y(rate), y: y(rate) };
    });
  spread(places, { gap: narrow ? 20 : 34, top: plot.top + 6, bottom: plot.bottom - (narrow ? 4 : 18) });
  return places.flatMap((place) => {
    const left = plot.right + 28;
    const text = element('text', { class: 'label', x: left, y: place.y + 4 });
    const rate = element('tspan', { dx: 6 });
    rate.textContent = `${place.rate.toFixed(1)}/s`;
    text.append(narrow ? shortName(place.line.name) : place.line.name, rate);
    const curve = `M${place.x + 5} ${place.middle}C${plot.right + 14} ${place.middle} ${plot.right + 10} ${place.y} ${left - 5} ${place.y}`;
    const parts = [
      element('path', { class: 'leader', style: `stroke: ${place.line.color}; opacity: 0.55`, d: curve }),
      element('circle', { cx: place.x, cy: place.middle, r: 4, style: `fill: ${place.line.color}` }),
      text,
    ];
    if (narrow) return parts;
    const volume = element('text', { x: left, y: place.y + 19 });
    volume.textContent = `€ ${money.format(place.line.volume)} in ten minutes`;
    return [...parts, volume];
  });
}

/** The first word, as far as there is room for it beside its rate. */
function shortName(name) {
  const [word = ''] = name.split(' ');
  return word.length > 8 ? `${word.slice(0, 7)}…` : word;
}

function grid(top, { plot, y }) {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((part) => {
    const rate = top * part;
    const text = element('text', { x: plot.left - 8, y: y(rate) + 4, 'text-anchor': 'end' });
    text.textContent = Number.isInteger(rate) ? rate : rate.toFixed(1);
    const line = { class: 'grid', x1: plot.left, x2: plot.right, y1: y(rate), y2: y(rate) };
    return [element('line', line), text];
  });
}

function times(ticks, { plot, x }) {
  return ticks.map((time) => {
    const text = element('text', { x: x(time), y: plot.bottom + 19, 'text-anchor': 'middle' });
    text.textContent = clockTime(time);
    return text;
  });
}

/** The next number above that is divided into four easily. */
function niceTop(rate) {
  const step = 10 ** Math.floor(Math.log10(rate));
  return (
    [1, 2, 4, 6, 8, 10].map((factor) => factor * step).find((candidate) => candidate >= rate * 1.05) ??
    step * 20
  );
}
