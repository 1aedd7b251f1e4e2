/** The stream as JSON lines: the type first, then only its own part, no blanks, times as SQL writes them. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Event, EventGenerator, type EventOptions } from './events.ts';

const BLOCK = 1000;
const PARTS = ['person', 'auction', 'bid'] as const;

/** One line, with its line feed. */
export function lineOf(event: Event): string {
  const part = PARTS[event.event_type] ?? 'bid';
  // Times are fields of events themselves, as their schema declares.
  return `${JSON.stringify({ event_type: event.event_type, [part]: event[part] }, (name, value: unknown) =>
    name === 'dateTime' || name === 'expires' ? sqlTime(value as number) : value,
  )}\n`;
}

/** `2026-01-01 00:00:00.003`, in UTC. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 23).replace('T', ' ');
}

/** The moment of such a text. Its zone is known here only, so the JSON format does not read it. */
export function sqlTimeMs(text: string): number {
  if (!text.startsWith(lastDate) || lastDate === '') {
    const date = text.slice(0, 10);
    lastMidnight = Date.parse(`${date}T00:00:00Z`);
    // A copy, since a slice would hold the text that it was cut from.
    lastDate = Buffer.from(date).toString();
  }
  return (
    lastMidnight +
    digits(text, 11) * 3_600_000 +
    digits(text, 14) * 60_000 +
    digits(text, 17) * 1000 +
    digits(text, 20) * 10 +
    text.charCodeAt(22) -
    ZERO
  );
}

const ZERO = 48;
let lastDate = '';
let lastMidnight = Number.NaN;

/** The number of two digits. */
function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** What stands in a file of events. */
export interface EventFile extends EventOptions {
  readonly events: number;
}

/** Where downloads and large inputs of benchmarks are kept. */
export function cacheFolder(): string {
  return process.env['HEADWATER_BENCH_CACHE'] ?? path.join(homedir(), '.cache/headwater-bench');
}

/** The folder whose only file has these events; it is written where it is missing. */
export function eventFolder({ events, seed, rate }: EventFile): string {
  const folder = path.join(cacheFolder(), 'events', `n${events}-s${seed}-r${rate}`);
  const file = path.join(folder, 'events.jsonl');
  if (existsSync(file)) return folder;
  mkdirSync(folder, { recursive: true });
  // The dot hides it from readers until it is whole.
  const unfinished = path.join(folder, '.events.jsonl');
  const out = openSync(unfinished, 'w');
  const generator = new EventGenerator({ seed, rate });
  for (let first = 0; first < events; first += BLOCK) {
    let text = '';
    for (let number = first; number < Math.min(events, first + BLOCK); number++) {
      text += lineOf(generator.event(number));
    }
    writeSync(out, text);
  }
  closeSync(out);
  renameSync(unfinished, file);
  return folder;
}
