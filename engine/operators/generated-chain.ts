/** Speed: bench/pipeline.ts; a loop of its own per chain is 12 to 18 times faster than closures or virtual calls. */
import { generateFunction } from '../data/generated-function.ts';
import { checkedKey } from '../data/keys.ts';
import {
  type BatchLoop,
  type ChainCompiler,
  chainError,
  type ChainLinks,
  entryError,
  type Emit,
  isSecondInput,
  type KeyOf,
} from './chain-links.ts';

/** Longer bodies are split: V8 never optimizes huge functions, and inlines only some 900 bytes anyway. */
const NODES_PER_FUNCTION = 16;

/** Compiles a chain to one generated loop, in which stateless operators are inlined. Its twin is `closureCompiler`. */
export function generatedCompiler(links: ChainLinks): ChainCompiler {
  return {
    loop: (keyOf, input) => new ChainText(links, 'loop').loop(keyOf, input),
    emitter: (node, output) => new ChainText(links, 'record').emitter(node, output),
  };
}

/** A record on its way: the expression that holds it, and how many operators the text around it has taken. */
interface Place {
  readonly value: string;
  readonly depth: number;
}

/** How a record enters an operator. */
interface Entry {
  readonly keyed: boolean;
  readonly method: 'process' | 'processSecond';
}

const INSIDE: Entry = { keyed: false, method: 'process' };

/** How records are counted: a loop counts in locals and adds them up at its end, a single record directly. */
type Counting = 'loop' | 'record';

/**
 * Writes the text of one function. The text holds numbers of nodes, edges and functions, and never a name or a value
 * of the user.
 */
class ChainText {
  readonly #links: ChainLinks;
  readonly #counting: Counting;
  readonly #counters = new Map<string, string>();
  /** Emitters of parts that were split off. */
  readonly #parts: Emit[] = [];
  #names = 1;

  constructor(links: ChainLinks, counting: Counting) {
    this.#links = links;
    this.#counting = counting;
  }

  loop(keyOf: KeyOf | undefined, input: number): BatchLoop {
    const second = isSecondInput(this.#links, input);
    const entry: Entry = { keyed: keyOf !== undefined, method: second ? 'processSecond' : 'process' };
    const body = this.#node(0, { value: 'v0', depth: 0 }, entry);
    const counters = [...this.#counters.keys()];
    const declared = ['at = 0', 'i = 0', ...counters.map((name) => `${name} = 0`)].join(', ');
    const added = [...this.#counters].map(([name, field]) => `${field} += ${name};`).join(' ');
    return this.#make(
      `return function loop(batch) {
  const values = batch.values, times = batch.times, size = batch.size;
  let ${declared};
  try {
    for (; i < size; i++) {
      const v0 = values[i], time = times[i];
${body}
    }
  } catch (error) {
    throw fail(nodes[at], error, { input: ${input}, value: values[i], time: times[i] });
  } finally {
    ${added}
  }
};`,
      { fail: entryError, keyOf },
    ) as BatchLoop; // what the text implements; its twin in the tests proves it
  }

  emitter(node: number, output: string): Emit {
    const body = this.#consumers(node, { value: 'v0', depth: 0 }, output);
    return this.#make(
      `return function emit(v0, time) {
  let at = ${node};
  try {
${body}
  } catch (error) {
    throw fail(nodes[at], error, v0);
  }
};`,
      { fail: chainError },
    ) as Emit; // as above
  }

  #make(
    body: string,
    { fail, keyOf }: { readonly fail: unknown; readonly keyOf?: KeyOf | undefined },
  ): unknown {
    const { name, nodes, edges } = this.#links;
    const bound = nodes.flatMap((_, index) => [
      `const m${index} = nodes[${index}].metrics, d${index} = nodes[${index}].node.definition;`,
      `const o${index} = nodes[${index}].operator, w${index} = nodes[${index}].sink;`,
    ]);
    const calls = nodes.map(({ node }, index) => callOf(node.definition.kind, index));
    const outputs = edges.map((_, index) => `const e${index} = edges[${index}];`);
    const parts = this.#parts.map((_, index) => `const p${index} = parts[${index}];`);
    const make = generateFunction<(...links: readonly unknown[]) => unknown>({
      name,
      parameters: ['nodes', 'edges', 'parts', 'keyOf', 'checkedKey', 'fail'],
      body: [...bound, ...calls, ...outputs, ...parts, body].join('\n'),
    });
    return make(nodes, edges, this.#parts, keyOf, checkedKey, fail);
  }

  #consumers(node: number, at: Place, output = 'main'): string {
    const consumers = this.#links.nodes[node]?.consumers.get(output) ?? [];
    return consumers
      .map((to) => ('edge' in to ? `e${to.edge}.write(${at.value}, time);` : this.#node(to.node, at, INSIDE)))
      .join('\n');
  }

  #node(index: number, at: Place, { keyed, method }: Entry): string {
    const link = this.#links.nodes[index];
    const kind = link?.node.definition.kind;
    const count = this.#count(index, 'recordsIn');
    const enter = `at = ${index}; ${count}`;
    switch (kind) {
      case 'map': {
        const value = `v${this.#names++}`;
        return `{ ${enter} const ${value} = f${index}(${at.value}); ${this.#emit(index, { ...at, value })} }`;
      }
      case 'filter':
        return `${enter} if (f${index}(${at.value})) { ${this.#emit(index, at)} }`;
      case 'flat-map': {
        const value = `v${this.#names++}`;
        return `${enter} for (const ${value} of f${index}(${at.value})) { ${this.#emit(index, { ...at, value })} }`;
      }
      case 'sink':
        return `${enter} w${index}.write(${at.value}, time);`;
      default: {
        if (link?.operator === undefined) {
          return `${enter} ${this.#emit(index, at)}`;
        }
        const call = `o${index}.${method}(${at.value}, time, ${keyed ? 'key' : 'undefined'});`;
        return keyed ? `${enter} ${keyText(at.value)} ${call}` : `${enter} ${call}`;
      }
    }
  }

  #emit(index: number, at: Place): string {
    const count = this.#count(index, 'recordsOut');
    if (at.depth + 1 < NODES_PER_FUNCTION) {
      return `${count} ${this.#consumers(index, { ...at, depth: at.depth + 1 })}`;
    }
    const part = this.#parts.push(new ChainText(this.#links, 'record').emitter(index, 'main')) - 1;
    return `${count} p${part}(${at.value}, time);`;
  }

  #count(index: number, counter: 'recordsIn' | 'recordsOut'): string {
    const field = `m${index}.${counter}`;
    if (this.#counting === 'record') {
      return `${field}++;`;
    }
    const name = `${counter}${index}`;
    this.#counters.set(name, field);
    return `${name}++;`;
  }
}

/** Nearly every key is a text or a number, and needs no call to be proved one. */
function keyText(value: string): string {
  return `let key = keyOf(${value}); if (typeof key !== 'string' && typeof key !== 'number') key = checkedKey(key);`;
}

function callOf(kind: string, index: number): string {
  switch (kind) {
    case 'map':
      return `const f${index} = d${index}.map;`;
    case 'filter':
      return `const f${index} = d${index}.filter;`;
    case 'flat-map':
      return `const f${index} = d${index}.flatMap;`;
    default:
      return '';
  }
}
