/** Asks for the results of the chosen deployment again and again, and shows them. */
import { nameOf } from './europe.js';
import { drawRates } from './rate-chart.js';
import { drawShares } from './share-chart.js';
import { createMap, percent } from './share-map.js';

const POLL_MS = 1500;
const STALE_MS = 10_000;
const byId = (id) => document.getElementById(id);
const deployment =
  new URLSearchParams(location.search).get('deployment') === 'staging' ? 'staging' : 'production';
const showMap = createMap(byId('map'));
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat('en');

let latest;
let fingerprint = '';
let changedAt = 0;
let failure = '';

for (const link of document.querySelectorAll('.switch a')) {
  if (link.dataset.deployment === deployment) link.setAttribute('aria-current', 'page');
}
byId('empty-name').textContent = `payments-${deployment}`;
addEventListener('resize', draw);
document.addEventListener('visibilitychange', () => document.hidden || void poll());
setInterval(() => document.hidden || void poll(), POLL_MS);
setInterval(showStatus, 1000);
void poll();

async function poll() {
  try {
    // Relative: the page may live below any path.
    const response = await fetch(`results?deployment=${deployment}`);
    const body = await response.json();
    if (!response.ok) throw new Error(body.message ?? `The results answer ${response.status}`);
    latest = body;
    failure = '';
    noticeChange(body);
    draw();
  } catch (error) {
    failure = error.message;
  }
  showStatus();
}

function noticeChange({ countries, sources }) {
  const text = JSON.stringify([countries.keys, sources.keys]);
  if (text !== fingerprint) changedAt = Date.now();
  fingerprint = text;
}

function draw() {
  if (latest === undefined) return;
  const { countries, sources, now } = latest;
  const isEmpty = countries.starts.length === 0 && sources.starts.length === 0;
  document.body.classList.toggle('is-empty', isEmpty);
  byId('empty').hidden = !isEmpty;
  if (isEmpty) return;
  showFigures(latest);
  if (countries.starts.length > 0) {
    const shares = latestShares(countries);
    showMap(shares);
    drawShares(byId('shares'), countries, shares);
  }
  if (sources.starts.length > 0) drawRates(byId('rates'), sources, now);
}

/** Shares over the last two windows: the running one alone begins with very few payments. */
function latestShares({ keys, starts }) {
  const from = Math.max(0, starts.length - 2);
  const counts = Object.entries(keys).map(([key, { payments }]) => [key, sum(payments.slice(from))]);
  const total = sum(counts.map(([, count]) => count)) || 1;
  return new Map(counts.map(([key, count]) => [key, count / total]));
}

function showFigures({ countries, sources, now }) {
  const all = Object.values(countries.keys);
  const minutes = Math.max(1, Math.min(20, countries.starts.length));
  const span = minutes === 1 ? 'last minute' : `last ${minutes} minutes`;
  byId('payments').textContent = exact.format(sum(all.map((key) => sum(key.payments))));
  byId('volume').textContent = `€ ${compact.format(sum(all.map((key) => sum(key.volume))))}`;
  byId('payments-span').textContent = span;
  byId('volume-span').textContent = span;
  const [leader, share] = [...latestShares(countries)].sort((a, b) => b[1] - a[1])[0] ?? ['–', 0];
  byId('leader').textContent = percent(share);
  byId('leader-name').textContent = `, ${nameOf(leader)}`;
  const complete = sources.starts.findLastIndex((start) => start + sources.stepMs <= now - 2000);
  const counts = Object.values(sources.keys).map((key) => key.payments[complete] ?? 0);
  byId('rate').textContent = complete < 0 ? '–' : ((sum(counts) * 1000) / sources.stepMs).toFixed(0);
}

function showStatus() {
  const status = byId('status');
  const text = status.querySelector('span');
  const age = Math.max(0, Math.round((Date.now() - changedAt) / 1000));
  if (failure !== '') {
    status.dataset.state = 'stale';
    text.textContent = `No answer, trying again: ${failure}`;
  } else if (latest === undefined || latest.countries.starts.length === 0) {
    status.dataset.state = 'waiting';
    text.textContent = 'Waiting for data';
  } else {
    status.dataset.state = age * 1000 < STALE_MS ? 'live' : 'stale';
    text.textContent =
      age < 3 ? 'Live' : `Last change ${age < 120 ? `${age} s` : `${Math.round(age / 60)} min`} ago`;
  }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
