import type { Key } from '../data/key-groups.ts';
import { checkedKey } from '../data/keys.ts';
import {
  type BatchLoop,
  type ChainCompiler,
  chainError,
  type ChainLink,
  type ChainLinks,
  entryError,
  type Emit,
  isSecondInput,
  type KeyOf,
} from './chain-links.ts';

/** A record on its way into an operator, with its key where its input is keyed. */
type Enter = (value: unknown, time: number, key?: Key) => void;

/**
 * Compiles a chain to closures: for processes that forbid generated code, and the oracle of `generatedCompiler`.
 * It does the same in some 15 times the time.
 */
export function closureCompiler(links: ChainLinks): ChainCompiler {
  const emitter = (index: number, output: string): Emit => {
    const targets = links.nodes[index]?.consumers.get(output) ?? [];
    const enters = targets.map((to): Enter => {
      const edge = 'edge' in to ? links.edges[to.edge] : undefined;
      return 'node' in to ? entrance(to.node) : (value, time) => edge?.write(value, time);
    });
    return (value, time) => {
      for (const enter of enters) {
        enter(value, time);
      }
    };
  };

  const entrance = (index: number, second = false): Enter => {
    const link = links.nodes[index];
    if (link === undefined) {
      return () => undefined;
    }
    const emit = emitter(index, 'main');
    const send: Emit = (value, time) => {
      link.metrics.recordsOut++;
      emit(value, time);
    };
    const run = second ? secondStep(link) : step(links, index, send);
    return (value, time, key) => {
      link.metrics.recordsIn++;
      try {
        run(value, time, key);
      } catch (error) {
        throw chainError(link, error, value);
      }
    };
  };

  return {
    loop: (keyOf, input) => loopOver(entrance(0, isSecondInput(links, input)), { keyOf, input, links }),
    emitter,
  };
}

function secondStep({ operator }: ChainLink): Enter {
  return (value, time, key) => operator?.processSecond?.(value, time, key);
}

interface LoopPlace {
  readonly keyOf: KeyOf | undefined;
  readonly input: number;
  readonly links: ChainLinks;
}

function loopOver(enter: Enter, { keyOf, input, links }: LoopPlace): BatchLoop {
  return (batch) => {
    for (let index = 0; index < batch.size; index++) {
      const [value, time] = [batch.values[index], batch.times[index] ?? 0];
      try {
        enter(value, time, keyOf === undefined ? undefined : checkedKey(keyOf(value)));
      } catch (error) {
        throw entryError(links.nodes[0], error, { input, value, time });
      }
    }
  };
}

function step(links: ChainLinks, index: number, send: Emit): Enter {
  const link = links.nodes[index];
  const definition = link?.node.definition;
  switch (definition?.kind) {
    case 'map': {
      const map = definition.map as (value: unknown) => unknown; // the graph joins only what fits
      return (value, time) => send(map(value), time);
    }
    case 'filter': {
      const filter = definition.filter as (value: unknown) => boolean; // as above
      return (value, time) => (filter(value) ? send(value, time) : undefined);
    }
    case 'flat-map': {
      const flatMap = definition.flatMap as (value: unknown) => Iterable<unknown>; // as above
      return (value, time) => {
        for (const each of flatMap(value)) {
          send(each, time);
        }
      };
    }
    case 'sink':
      return (value, time) => link?.sink?.write(value, time);
    default: {
      const operator = link?.operator;
      return operator === undefined ? send : (value, time, key) => operator.process(value, time, key);
    }
  }
}
