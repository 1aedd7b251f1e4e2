/** Shares of the largest countries over time as stacked bands, labelled at their right end. */
import { Colors, restColor } from './colors.js';
import { nameOf } from './europe.js';
import { percent } from './share-map.js';
import { clockTime, element, smoothPath, spread, timeTicks } from './svg.js';

const SHOWN = 7;
const colors = new Colors();

/** `shares` are those of now, which the labels tell: the last band alone may be of very few payments. */
export function drawShares(svg, series, shares) {
  const { width, height } = svg.getBoundingClientRect();
  const narrow = width < 520;
  const plot = { left: 0, right: width - (narrow ? 78 : 178), top: 6, bottom: height - 24 };
  const bands = bandsOf(series, shares);
  const from = series.starts[0];
  const span = series.starts.at(-1) - from;
  const x = (time) => plot.left + ((plot.right - plot.left) * (time - from)) / (span || 1);
  const y = (share) => plot.top + (plot.bottom - plot.top) * share;
  svg.replaceChildren(
    ...bands.map((band) => bandPath(band, { x, y, plot })),
    ...labels(bands, { plot, y, narrow }),
    ...axis(series, { plot, narrow }),
  );
}

/** Share of every shown country in every window, with the sum of the bands above it. */
function bandsOf({ keys, starts }, shares) {
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const ranked = Object.keys(keys).sort((a, b) => sum(keys[b].payments) - sum(keys[a].payments));
  const shown = ranked.slice(0, SHOWN);
  const taken = colors.assign(shown);
  const totals = starts.map((_, i) => sum(ranked.map((key) => keys[key].payments[i])));
  const share = (group, i) =>
    totals[i] === 0 ? 0 : sum(group.map((key) => keys[key].payments[i])) / totals[i];
  const above = starts.map(() => 0);
  const groups = [...shown.map((key) => [key, [key]]), ['', ranked.slice(SHOWN)]];
  return groups.map(([key, group]) => {
    const points = starts.map((time, i) => {
      const from = above[i];
      above[i] += share(group, i);
      return { time, from, to: above[i] };
    });
    return {
      key,
      name: key === '' ? `${group.length} others` : nameOf(key),
      color: taken.get(key) ?? restColor,
      share: sum(group.map((member) => shares.get(member) ?? 0)),
      points,
    };
  });
}

function bandPath({ points, color, name }, { x, y, plot }) {
  const edge = (side) => {
    const [first, ...rest] = points.map((point) => [x(point.time), y(point[side])]);
    // A single window is one share from the left end to the right.
    return rest.length > 0 ? [first, ...rest] : [first, [plot.right, first[1]]];
  };
  const upper = smoothPath(edge('from'));
  // The lower edge runs back from right to left.
  const lower = smoothPath(edge('to').reverse());
  const title = element('title', {});
  title.textContent = name;
  return element('path', { class: 'band', style: `fill: ${color}`, d: `${upper}L${lower.slice(1)}Z` }, title);
}

function labels(bands, { plot, y, narrow }) {
  const places = bands.map((band) => {
    const { from, to } = band.points.at(-1);
    return { band, middle: y((from + to) / 2), y: y((from + to) / 2) };
  });
  spread(places, { gap: 19, top: plot.top + 8, bottom: plot.bottom - 6 });
  return places.flatMap(({ band, middle, y: labelY }) => {
    const text = element('text', { class: 'label', x: plot.right + 26, y: labelY + 4 });
    const value = element('tspan', { dx: 6 });
    value.textContent = percent(band.share);
    text.append(narrow ? band.key || 'rest' : band.name, value);
    const path = `M${plot.right + 3} ${middle}C${plot.right + 12} ${middle} ${plot.right + 12} ${labelY} ${plot.right + 21} ${labelY}`;
    return [element('path', { class: 'leader', style: `stroke: ${band.color}`, d: path }), text];
  });
}

function axis({ starts, stepMs }, { plot, narrow }) {
  const from = starts[0];
  const to = starts.at(-1);
  if (to - from < stepMs) return [];
  return timeTicks(from, to, narrow ? 4 : 8).map((time) => {
    const x = plot.left + ((plot.right - plot.left) * (time - from)) / (to - from);
    const anchor = x < 20 ? 'start' : x > plot.right - 16 ? 'end' : 'middle';
    const text = element('text', { x, y: plot.bottom + 19, 'text-anchor': anchor });
    text.textContent = clockTime(time);
    return text;
  });
}
