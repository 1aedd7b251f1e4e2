import type { SinkWriter } from '../connectors/connector.ts';
import type { Key } from '../data/key-groups.ts';
import { keyText } from '../data/keys.ts';
import type { RecordBatch } from '../data/record-batch.ts';
import { isFenced } from '../host.ts';
import type { ChainNode, ChainVertex, EdgeWriter } from './chain.ts';
import type { OperatorMetrics } from './chain-metrics.ts';
import { type ChainEntry, isOperatorError, OperatorError, previewRecord } from './operator-error.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** Hands one record on to whatever reads an output. */
export type Emit = (value: unknown, time: number) => void;

/** Sends the records of a batch through a chain. */
export type BatchLoop = (batch: RecordBatch) => void;

/** The key selector of an input, as the chain calls it. */
export type KeyOf = (value: unknown) => Key;

/** Who reads an output of an operator: an operator of the same chain, or an edge that leaves it. */
export type Consumer = { readonly node: number } | { readonly edge: number };

/** An operator of a chain at run time, with what its place in the generated text refers to. */
export interface ChainLink {
  readonly node: ChainNode;
  readonly metrics: OperatorMetrics;
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  readonly sink?: SinkWriter<unknown>;
  /** Set as soon as everything behind it exists. */
  operator?: StatefulOperator;
}

/** All that the code of a chain may touch. */
export interface ChainLinks {
  readonly name: string;
  readonly nodes: readonly ChainLink[];
  readonly edges: readonly EdgeWriter[];
}

/** Turns links into functions; one implementation generates code, its twin puts closures together. */
export interface ChainCompiler {
  /** The way of a batch of one input of the vertex through the chain from its head. */
  loop(keyOf: KeyOf | undefined, input: number): BatchLoop;
  /** The way of one record from an output of an operator. */
  emitter(node: number, output: string): Emit;
}

/** True where records of this input are the second ones of an operator with two inputs. */
export function isSecondInput(links: ChainLinks, input: number): boolean {
  return input === 1 && links.nodes[0]?.operator?.processSecond !== undefined;
}

/** Finds for every output of every operator of a chain who reads it. */
export function consumersOf(vertex: ChainVertex, node: ChainNode): ReadonlyMap<string, readonly Consumer[]> {
  const consumers = new Map<string, Consumer[]>();
  const add = (output: string, consumer: Consumer): void => {
    consumers.set(output, [...(consumers.get(output) ?? []), consumer]);
  };
  for (const [index, reader] of vertex.nodes.entries()) {
    for (const input of index === 0 ? [] : reader.inputs) {
      if (input.from === node.name) {
        add(input.output, { node: index });
      }
    }
  }
  for (const [index, edge] of vertex.outputs.entries()) {
    if (edge.node === node.name) {
      add(edge.output, { edge: index });
    }
  }
  return consumers;
}

/** The error to throw when the operator `at` failed over a record. */
export function chainError(link: ChainLink | undefined, cause: unknown, record: unknown): unknown {
  // A fenced write is the end of the job and not a fault of the operator; nested operators have told who they are.
  if (link === undefined || isOperatorError(cause) || isFenced(cause)) {
    return cause;
  }
  const key = link.operator?.currentKey;
  return new OperatorError(link.node.name, {
    cause,
    record: previewRecord(record),
    value: record,
    // What a writer throws is the state of the world and would be another one at the next try.
    outside: link.sink !== undefined,
    ...(key === undefined ? {} : { key: keyText(key) }),
  });
}

/** As {@link chainError}, for a record that had just come into the chain: if it is to be kept out, then here. */
export function entryError(link: ChainLink | undefined, cause: unknown, entry: ChainEntry): unknown {
  const error = chainError(link, cause, entry.value);
  if (isOperatorError(error)) {
    error.entry ??= entry;
  }
  return error;
}
