import { describe, expect, it } from 'vitest';
import { SplitAssignment } from './split-assignment.ts';

const split = (id: string, parents: readonly string[] = []) => ({ id, position: '', parents });

describe('SplitAssignment', () => {
  it('gives each split once, to the subtask with the fewest', () => {
    const assignment = new SplitAssignment(2);
    assignment.add([split('a'), split('b'), split('c')]);
    const given = assignment.take();
    expect(given.map(({ subtask, splits }) => [subtask, splits.map(({ id }) => id)])).toEqual([
      [0, ['a', 'c']],
      [1, ['b']],
    ]);
    assignment.add([split('a'), split('d')]);
    expect(assignment.take()).toEqual([{ subtask: 1, splits: [split('d')] }]);
    expect(assignment.take()).toEqual([]);
  });

  it('holds a child back until all parents that are known are finished', () => {
    const assignment = new SplitAssignment(1);
    assignment.add([split('child', ['left', 'right', 'gone']), split('left'), split('right')]);
    expect(assignment.take()[0]?.splits.map(({ id }) => id)).toEqual(['left', 'right']);
    expect(assignment.allGiven).toBe(false);
    assignment.finish('left');
    expect(assignment.take()).toEqual([]);
    assignment.finish('right');
    expect(assignment.take()[0]?.splits.map(({ id }) => id)).toEqual(['child']);
  });

  it('carries splits on that an earlier attempt finished, and reads them no more', () => {
    const assignment = new SplitAssignment(1);
    const finished = { id: 'a', position: '9', finished: true };
    assignment.add([finished]);
    expect(assignment.take()).toEqual([]);
    expect(assignment.finishedBefore).toEqual([finished]);
    expect([...assignment.known]).toEqual([['a', true]]);
    expect(assignment.allGiven).toBe(true);
  });

  it('gives a new split to the subtask whose splits have finished', () => {
    const assignment = new SplitAssignment(2);
    assignment.add([split('a'), split('b')]);
    assignment.take();
    assignment.finish('b');
    assignment.add([split('c')]);
    expect(assignment.take()[0]?.subtask).toBe(1);
  });
});
