import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import { unpinned } from '../../data/unpinned.ts';
import { unpinnedString } from '../../data/unpinned-string.ts';
import { StateMigrationError } from '../../state/state-layout.ts';
import type { MatchEntry } from './match-entry.ts';
import { MatchQueue } from './match-queue.ts';
import type { NfaState } from './nfa-state.ts';
import type { MatchEvent, PartialMatch, Taken } from './partial-match.ts';

type WriteValue = (out: FrameWriter, value: unknown) => void;
type ReadValue = (from: FrameReader) => unknown;

/**
 * Writes what a key has under way: events, links between them, matches that point to links, waiting events.
 *
 * Shape: every event and every link once, however many matches share them; a link comes behind the one it points to,
 * and 0 stands for none.
 */
export function writeMatches(out: FrameWriter, entry: MatchEntry, writeValue: WriteValue): void {
  const links = new Map<Taken, number>();
  const events = new Map<MatchEvent, number>();
  for (const { last } of [...entry.partial.items, ...entry.completed.items]) {
    number(last, links, events);
  }
  out.f64(entry.events);
  writeEvents(out, [...events.keys()], writeValue);
  out.u32(links.size);
  for (const { step, event, before } of links.keys()) {
    out.string(step);
    out.u32(events.get(event) ?? 0);
    out.u32(before === undefined ? 0 : (links.get(before) ?? 0));
  }
  for (const { items } of [entry.partial, entry.completed]) {
    out.u32(items.length);
    for (const { state, last } of items) {
      out.string(state.name);
      out.u32(last === undefined ? 0 : (links.get(last) ?? 0));
    }
  }
  writeEvents(out, entry.waiting, writeValue);
  out.u32(entry.deadlines.length);
  entry.deadlines.forEach((deadline) => out.f64(deadline));
}

/** Numbers the links that lead to `last`, from 1 and from the first to the last, and their events from 0. */
function number(last: Taken | undefined, links: Map<Taken, number>, events: Map<MatchEvent, number>): void {
  const path: Taken[] = [];
  for (let taken = last; taken !== undefined && !links.has(taken); taken = taken.before) {
    path.push(taken);
  }
  for (const taken of path.reverse()) {
    links.set(taken, links.size + 1);
    if (!events.has(taken.event)) {
      events.set(taken.event, events.size);
    }
  }
}

function writeEvents(out: FrameWriter, events: readonly MatchEvent[], writeValue: WriteValue): void {
  out.u32(events.length);
  for (const { value, time, order } of events) {
    out.f64(time);
    out.f64(order);
    writeValue(out, value);
  }
}

/** What {@link writeMatches} wrote. */
export type ReadMatches = Pick<MatchEntry, 'events' | 'partial' | 'completed' | 'waiting' | 'deadlines'>;

/** Reads what a key has under way back; refuses matches that wait where the pattern has no such state. */
export function readMatches(
  from: FrameReader,
  states: ReadonlyMap<string, NfaState>,
  readValue: ReadValue,
): ReadMatches {
  const count = from.f64();
  const events = readEvents(from, readValue);
  const links = readLinks(from, events);
  const partial = readQueue(from, links, states);
  const completed = readQueue(from, links, states);
  const waiting = readEvents(from, readValue);
  const deadlines = Array.from({ length: from.u32() }, () => from.f64());
  return { events: count, partial, completed, waiting, deadlines };
}

function readEvents(from: FrameReader, readValue: ReadValue): MatchEvent[] {
  return Array.from({ length: from.u32() }, () => {
    const time = from.f64();
    const order = from.f64();
    return { value: unpinned(readValue(from)), time, order, kept: true };
  });
}

/** A link with the event that its match began with. */
interface ReadLink {
  readonly taken: Taken;
  readonly start: MatchEvent;
}

function readLinks(from: FrameReader, events: readonly MatchEvent[]): readonly ReadLink[] {
  const links: ReadLink[] = [];
  for (let left = from.u32(); left > 0; left--) {
    const step = unpinnedString(from.string());
    const event = events[from.u32()];
    const before = links[from.u32() - 1];
    if (event === undefined) {
      throw new StateMigrationError('a match names an event that the snapshot has not; restore another one');
    }
    links.push({ taken: { step, event, before: before?.taken }, start: before?.start ?? event });
  }
  return links;
}

function readQueue(
  from: FrameReader,
  links: readonly ReadLink[],
  states: ReadonlyMap<string, NfaState>,
): MatchQueue {
  const matches: PartialMatch[] = [];
  for (let left = from.u32(); left > 0; left--) {
    const name = from.string();
    const link = links[from.u32() - 1];
    const state = states.get(name);
    if (state === undefined) {
      throw new StateMigrationError(
        `a match waits at "${name}", which the pattern does not have any more; give the operator a new name, or go back to the old pattern`,
      );
    }
    matches.push({ state, last: link?.taken, start: link?.start });
  }
  return MatchQueue.of(matches);
}
