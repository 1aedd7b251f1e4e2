import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random.ts';
import { SnapshotChains } from './snapshot-chains.ts';

interface Link {
  readonly operatorId: string;
  readonly state: string;
  readonly entry: { readonly key: number; readonly value: number };
}

const TABLES = ['a', 'b', 'c'];

describe('snapshot chains', () => {
  it('hold what every writer last had, after any snapshots, whole or continued', () => {
    for (let seed = 1; seed <= 20; seed += 1) liveThrough(seed);
  });

  it('give back every link once when no chain holds it any more', () => {
    const chains = new SnapshotChains<Link>();
    chains.restore('0:0', link('a', 1, 1));
    expect(chains.apply('0:0', [link('a', 1, 2)], [table('a')])).toEqual([]);
    expect(chains.apply('0:0', [], [])).toEqual([link('a', 1, 1), link('a', 1, 2)]);
    expect([...chains.all()]).toEqual([]);
  });

  it('give back the links that their writer has put in other words', () => {
    const chains = new SnapshotChains<Link>();
    chains.apply('0:0', [link('a', 1, 1), link('a', 2, 1), link('a', 3, 1)], []);
    const dropped = chains.apply('0:0', [link('a', 1, 1)], [{ ...table('a'), dropped: [0, 2] }]);
    expect(dropped).toEqual([link('a', 1, 1), link('a', 3, 1)]);
    expect([...chains.of('0:0')]).toEqual([link('a', 2, 1), link('a', 1, 1)]);
  });

  it('let an empty table be continued', () => {
    const chains = new SnapshotChains<Link>();
    chains.apply('0:0', [], []);
    chains.apply('0:0', [link('a', 1, 1)], [table('a')]);
    expect([...chains.of('0:0')]).toEqual([link('a', 1, 1)]);
  });
});

/** Writers with a few tables of numbers; each snapshot brings what changed, or all. */
function liveThrough(seed: number): void {
  const random = seededRandom(seed);
  const chains = new SnapshotChains<Link>();
  const writers = ['0:0', '0:1', '1:0'].map((name) => ({
    name,
    tables: new Map<string, Map<number, number>>(),
  }));
  for (let step = 0; step < 60; step += 1) {
    const writer = writers[Math.floor(random() * writers.length)] ?? expect.unreachable();
    const links: Link[] = [];
    const continued = TABLES.filter(() => random() < 0.7);
    for (const name of TABLES) {
      const values = writer.tables.get(name) ?? new Map<number, number>();
      writer.tables.set(name, values);
      const changed = random() < 0.2 ? [] : [Math.floor(random() * 5), Math.floor(random() * 5)];
      for (const key of changed) values.set(key, step);
      const written = continued.includes(name) ? new Set(changed) : values.keys();
      for (const key of written) links.push(link(name, key, values.get(key) ?? 0));
    }
    chains.apply(writer.name, links, continued.map(table));
    for (const { name, tables } of writers) expect(read(chains.of(name))).toEqual(present(tables));
  }
}

function present(tables: ReadonlyMap<string, ReadonlyMap<number, number>>): ReadonlyMap<string, number> {
  return new Map(
    [...tables].flatMap(([name, values]) => [...values].map(([key, value]) => [`${name}/${key}`, value])),
  );
}

function read(links: Iterable<Link>): ReadonlyMap<string, number> {
  return new Map([...links].map(({ state, entry }) => [`${state}/${entry.key}`, entry.value]));
}

function table(state: string) {
  return { operatorId: 'o', state };
}

function link(state: string, key: number, value: number): Link {
  return { ...table(state), entry: { key, value } };
}
