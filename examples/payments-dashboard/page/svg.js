/** SVG elements, text that is safe to show, and lines through points. */
const NAMESPACE = 'http://www.w3.org/2000/svg';

export function element(name, attributes, ...children) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** Points as a smooth path that never rises above or falls below its points: a monotone cubic (Fritsch, Carlson). */
export function smoothPath(points) {
  if (points.length === 0) return '';
  const slopes = tangents(points);
  let path = `M${at(points[0])}`;
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    const third = (x1 - x0) / 3;
    path += `C${at([x0 + third, y0 + third * slopes[i - 1]])} ${at([x1 - third, y1 - third * slopes[i]])} ${at([x1, y1])}`;
  }
  return path;
}

function tangents(points) {
  const steps = points.slice(1).map(([x, y], i) => (y - points[i][1]) / (x - points[i][0] || 1));
  return points.map((_, i) => {
    const before = steps[i - 1];
    const after = steps[i];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
}

const at = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Moves labels apart that would lie on each other, and keeps all of them between `top` and `bottom`. */
export function spread(labels, { gap, top, bottom }) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let floor = top;
  for (const label of sorted) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = bottom;
  for (const label of sorted.reverse()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  return labels;
}

/** A few round times between two moments, for the axis. */
export function timeTicks(from, to, count) {
  const steps = [60, 120, 300, 600].map((seconds) => seconds * 1000);
  const step = steps.find((size) => (to - from) / size <= count) ?? 1_200_000;
  const ticks = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push(time);
  return ticks;
}

export const clockTime = (time) =>
  new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
