import aslValidator from 'asl-validator';
import { describe, expect, test } from 'vitest';
import { workflows } from '#contract/workflows.ts';
import { operationDefinition } from './operation-definition.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Parameters?: { readonly Payload: { readonly step: string } };
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly { readonly StringEquals: string; readonly Next: string }[];
}

const definition = operationDefinition('arn:aws:lambda:eu-west-1:000000000000:function:steps');
// The shape of Amazon States Language, which the validator below checks.
const states = definition['States'] as Record<string, State>;

describe('definition of an operation', () => {
  test('it is valid Amazon States Language', () => {
    const { isValid, errors } = aslValidator(definition);
    expect(errors).toEqual([]);
    expect(isValid).toBe(true);
  });

  test.each(Object.entries(workflows))('%s takes the steps of the contract in their order', (kind, steps) => {
    const taken: string[] = [];
    let name = states['choose-workflow']?.Choices?.find((choice) => choice.StringEquals === kind)?.Next;
    while (name !== undefined && states[name]?.Type === 'Task') {
      taken.push(states[name]?.Parameters?.Payload.step ?? '');
      name = states[name]?.Next;
    }
    expect(taken).toEqual(steps.map(({ step }) => step));
    expect(name).toBe('done');
  });

  test('every step leads to the failure step when it gives up, and the execution fails', () => {
    const tasks = Object.entries(states).filter(
      ([name, state]) => state.Type === 'Task' && name !== 'fail-operation',
    );
    expect(tasks.length).toBe(Object.values(workflows).flat().length);
    for (const [, state] of tasks) expect(state.Catch?.map(({ Next }) => Next)).toEqual(['fail-operation']);
    expect(states['fail-operation']?.Next).toBe('failed');
    expect(states['failed']?.Type).toBe('Fail');
  });
});
