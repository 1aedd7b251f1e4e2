import type { JobEdge, JobGraph } from '../graph/job-graph.ts';
import type { InputChannel, OutputChannel } from './channel.ts';
import { heartMemory } from './heart.ts';
import { LocalChannel } from './local-channel.ts';
import { RingInput, RingOutput } from './ring-channel.ts';
import { allocateRing } from './ring.ts';

/** Room of one ring: enough for four full frames, so that writer and reader do not wait for each other. */
const RING_BYTES = 256 * 1024;

/** Gives the two ends of every way between subtasks. */
export interface Wiring {
  output(edge: JobEdge, from: number, to: number): OutputChannel;
  input(edge: JobEdge, from: number, to: number): InputChannel;
}

/** The shared memory of a job on several threads. */
export interface SharedMemory {
  /** By {@link wayOf}. */
  readonly rings: Readonly<Record<string, SharedArrayBuffer>>;
  /** One word per slot, that others count up when they have something for it. */
  readonly doorbells: SharedArrayBuffer;
  /** Where every slot notes what it does. */
  readonly hearts: SharedArrayBuffer;
}

/** The subtasks that records of an edge reach from subtask `from`. */
export function targetsOf(graph: JobGraph, edge: JobEdge, from: number): number[] {
  return edge.exchange === 'forward' ? [from] : subtasks(graph, edge.to);
}

/** The subtasks from which records of an edge reach subtask `to`. */
export function originsOf(graph: JobGraph, edge: JobEdge, to: number): number[] {
  return edge.exchange === 'forward' ? [to] : subtasks(graph, edge.from);
}

export function slotsOf(graph: JobGraph): number {
  return Math.max(...graph.vertices.map(({ parallelism }) => parallelism));
}

/** All subtasks in one thread: one object is both ends. */
export function localWiring(wake: (slot: number) => void): Wiring {
  const channels = new Map<string, LocalChannel>();
  const channel = (edge: JobEdge, from: number, to: number): LocalChannel => {
    const way = wayOf(edge, from, to);
    const known = channels.get(way);
    if (known !== undefined) return known;
    const made = new LocalChannel(
      () => wake(to),
      () => wake(from),
    );
    channels.set(way, made);
    return made;
  };
  return { output: channel, input: channel };
}

/** One slot of many threads: its own records stay objects, the others' go through rings. */
export function sharedWiring(slot: number, memory: SharedMemory, wake: () => void): Wiring {
  const local = localWiring(wake);
  const bell = new Int32Array(memory.doorbells);
  const ring = (other: number) => () => {
    Atomics.add(bell, other, 1);
    Atomics.notify(bell, other);
  };
  return {
    output: (edge, from, to) =>
      to === slot
        ? local.output(edge, from, to)
        : new RingOutput(ringOf(memory, edge, from, to), edge.codec, ring(to)),
    input: (edge, from, to) =>
      from === slot
        ? local.input(edge, from, to)
        : new RingInput(ringOf(memory, edge, from, to), edge.codec, ring(from)),
  };
}

/** A ring for every way that crosses threads. */
export function allocateMemory(graph: JobGraph): SharedMemory {
  const rings: Record<string, SharedArrayBuffer> = {};
  for (const edge of graph.edges) {
    for (const from of subtasks(graph, edge.from)) {
      for (const to of targetsOf(graph, edge, from)) {
        if (from !== to) rings[wayOf(edge, from, to)] = allocateRing(RING_BYTES);
      }
    }
  }
  const slots = slotsOf(graph);
  return { rings, doorbells: new SharedArrayBuffer(4 * slots), hearts: heartMemory(slots) };
}

function wayOf(edge: JobEdge, from: number, to: number): string {
  return `${edge.index}:${from}:${to}`;
}

function ringOf(memory: SharedMemory, edge: JobEdge, from: number, to: number): SharedArrayBuffer {
  const way = wayOf(edge, from, to);
  const ring = memory.rings[way];
  if (ring === undefined)
    throw new Error(`There is no ring ${way}: the graphs of coordinator and slot differ.`);
  return ring;
}

function subtasks(graph: JobGraph, vertex: number): number[] {
  return Array.from({ length: graph.vertices[vertex]?.parallelism ?? 0 }, (_, index) => index);
}
