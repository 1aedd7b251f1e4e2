import { describe, expect, it } from 'vitest';
import { matchesPattern } from './event-pattern.ts';

const event = {
  source: 'aws.ecs',
  detail: { lastStatus: 'STOPPED', group: 'service:x', count: 4, tags: ['a', 'b'] },
};

describe('an event pattern', () => {
  it.each([
    [{ source: ['aws.ecs', 'aws.s3'] }, true],
    [{ source: ['aws.s3'] }, false],
    [{ source: ['aws.ecs'], detail: { lastStatus: ['RUNNING'] } }, false],
    [{ detail: { group: [{ prefix: 'service:' }] } }, true],
    [{ detail: { group: [{ suffix: ':y' }] } }, false],
    [{ detail: { group: [{ wildcard: 's*e:?' }] } }, false],
    [{ detail: { lastStatus: [{ 'anything-but': ['RUNNING', 'PENDING'] }] } }, true],
    [{ detail: { lastStatus: [{ 'anything-but': { prefix: 'STOP' } }] } }, false],
    [{ detail: { lastStatus: [{ 'equals-ignore-case': 'stopped' }] } }, true],
    [{ detail: { stoppedReason: [{ exists: false }], count: [{ exists: true }] } }, true],
    [{ detail: { count: [{ numeric: ['>', 3, '<=', 4] }] } }, true],
    [{ detail: { count: [{ numeric: ['<', 4] }] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { missing: { deeper: ['x'] } } }, false],
    [{ $or: [{ source: ['x'] }, { detail: { count: [4] } }] }, true],
  ])('%j matches: %s', (pattern, matches) => {
    expect(matchesPattern(pattern, event)).toBe(matches);
  });

  it('with a test that is not known is refused', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow(
      'test "cidr" is not known',
    );
  });
});
