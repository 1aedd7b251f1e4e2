import { describe, expect, it } from 'vitest';
import { targetInput } from './target-input.ts';

const event = { id: 'e', detail: { name: 'x', count: 2 } };
const target = { id: 't', arn: 'arn' };

describe('the input of a target', () => {
  it('is the event unless the target says otherwise', () => {
    expect(targetInput(target, event)).toBe(JSON.stringify(event));
  });

  it('is a constant, a part, or a filled template', () => {
    expect(targetInput({ ...target, input: '{"a":1}' }, event)).toBe('{"a":1}');
    expect(targetInput({ ...target, inputPath: '$.detail.name' }, event)).toBe('"x"');
    const inputTransformer = {
      paths: { n: '$.detail.name', c: '$.detail.count' },
      template: '{"name":"<n>","count":<c>,"text":"is <n>!"}',
    };
    expect(JSON.parse(targetInput({ ...target, inputTransformer }, event))).toEqual({
      name: 'x',
      count: 2,
      text: 'is x!',
    });
  });
});
