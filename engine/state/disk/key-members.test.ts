import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyMembers, type WideHash } from './key-members.ts';

const hash = fc.record({ high: fc.nat(3), low: fc.nat(3) });

test('the members of a key are those that were added and not removed, in their order', () => {
  const step = fc.record({ add: fc.boolean(), key: hash, name: hash });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const members = new KeyMembers();
      const model = new Map<string, WideHash[]>();
      for (const { add, key, name } of steps) {
        const list = model.get(JSON.stringify(key)) ?? [];
        const at = list.findIndex(({ high, low }) => high === name.high && low === name.low);
        if (add && at < 0) {
          members.add(key, name);
          list.push(name);
        } else if (!add) {
          members.remove(key, name);
          if (at >= 0) list.splice(at, 1);
        }
        model.set(JSON.stringify(key), list);
        expect([...members.of(key)]).toEqual(list);
        expect(members.isFirst(key, name)).toBe(list[0]?.high === name.high && list[0].low === name.low);
      }
    }),
  );
});
