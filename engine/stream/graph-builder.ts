import { operatorId } from '../data/operator-id.ts';
import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import { refuseImpure } from './misuse.ts';
import { userFunctions } from './user-functions.ts';
import { requireEventTime } from './require-event-time.ts';

/** What is known of an operator before it is in the graph. */
export type NewNode = Omit<DataflowNode, 'id' | 'state' | 'description' | 'inputs'> &
  Partial<Pick<DataflowNode, 'state' | 'description' | 'inputs'>>;

const NAME_LENGTH_MAX = 200;

/** Collects the operators of one program while its `build` runs. */
export class GraphBuilder {
  readonly #application: string;
  readonly #nodes = new Map<string, DataflowNode>();

  constructor(application: string) {
    this.#application = application;
  }

  get graph(): DataflowGraph {
    return { application: this.#application, nodes: [...this.#nodes.values()] };
  }

  /** Adds an operator. A name is the identity of state, so no two operators may share one. */
  add(node: NewNode): string {
    const { name } = node;
    if (typeof name !== 'string' || name.trim() === '') {
      throw new Error(
        `Cannot add a ${node.kind} without a name: the name is the identity of its state; give a text as first argument`,
      );
    }
    if (name.length > NAME_LENGTH_MAX) {
      throw new Error(
        `Cannot add operator "${name.slice(0, 40)}…": its name has ${name.length} characters, ${NAME_LENGTH_MAX} are allowed`,
      );
    }
    const other = this.#nodes.get(name);
    if (other !== undefined) {
      throw new Error(
        `Cannot add ${node.kind} "${name}": a ${other.kind} has this name already; names are the identity of state, so give this one another`,
      );
    }
    requireEventTime(this.graph, node);
    for (const { path, fn } of userFunctions(node)) {
      refuseAsync(fn, `${path === node.kind ? '' : `${path} of `}${node.kind} "${name}"`);
    }
    this.#nodes.set(name, { inputs: [], state: [], description: {}, ...node, id: operatorId(name) });
    return name;
  }

  /** The first of `base`, `base-2`, `base-3` … that is free: a name for operators without state. */
  freeName(base: string): string {
    let name = base;
    for (let count = 2; this.#nodes.has(name); count++) {
      name = `${base}-${count}`;
    }
    return name;
  }
}

/**
 * Refuses what is no function, and functions that cannot be run again to the same end: asynchronous ones, and those
 * that ask the clock or chance. What is not seen here is refused when it returns a promise.
 */
export function refuseAsync(fn: unknown, where: string): void {
  if (typeof fn !== 'function') {
    throw new Error(
      `Cannot add ${where}: it needs a function, it was given ${fn === null ? 'null' : typeof fn}`,
    );
  }
  if (fn.constructor.name === 'AsyncFunction' || fn.constructor.name === 'AsyncGeneratorFunction') {
    throw new Error(
      `Cannot add ${where}: its function is async; operators are synchronous, since state and barriers do not wait for promises; call the outside world in asyncMap`,
    );
  }
  refuseImpure(fn as (...parameters: never) => unknown, where); // looked at above; it is read and not called
}
