import { describe, expect, it } from 'vitest';
import { conditionValue, evaluate, referencesIn } from './intrinsics.ts';
import type { TemplateScope } from './intrinsics.ts';

const scope: TemplateScope = {
  region: 'eu-west-1',
  reference: (name) => `ref-${name}`,
  attribute: (logicalId, name) => `${logicalId}#${name}`,
  condition: (name) => name === 'Yes',
  mapping: (name, first, second) => [name, first, second].join('/'),
  importValue: (name) => `imported-${name}`,
};

describe('a function of a template', () => {
  it.each([
    [{ Ref: 'A' }, 'ref-A'],
    [{ 'Fn::GetAtt': ['A', 'Arn'] }, 'A#Arn'],
    [{ 'Fn::GetAtt': 'A.Endpoint.Port' }, 'A#Endpoint.Port'],
    [{ 'Fn::Join': ['-', ['x', { Ref: 'A' }]] }, 'x-ref-A'],
    [{ 'Fn::Sub': '${A}:${B.Arn}:${!Literal}' }, 'ref-A:B#Arn:${Literal}'],
    [{ 'Fn::Sub': ['${Own}${A}', { Own: { Ref: 'X' } }] }, 'ref-Xref-A'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'eu-west-1a'],
    [{ 'Fn::FindInMap': ['M', { Ref: 'A' }, 'k'] }, 'M/ref-A/k'],
    [{ 'Fn::ImportValue': { 'Fn::Sub': '${A}-out' } }, 'imported-ref-A-out'],
    [{ 'Fn::If': ['Yes', 1, { 'Fn::Unknown': 1 }] }, 1],
    [{ 'Fn::Base64': 'x' }, 'eA=='],
    [
      { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2] },
      { kept: 1, list: [2] },
    ],
  ])('turns %j into %j', (value, result) => {
    expect(evaluate(value, scope)).toEqual(result);
  });

  it.each([
    [{ 'Fn::Equals': [{ Ref: 'A' }, 'ref-A'] }, true],
    [{ 'Fn::Not': [{ Condition: 'Yes' }] }, false],
    [{ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Equals': [1, '1'] }] }, true],
    [{ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Not': [{ Condition: 'No' }] }] }, true],
  ])('decides %j as %s', (condition, holds) => {
    expect(conditionValue(condition, scope)).toBe(holds);
  });

  it('that nobody knows is refused by name', () => {
    expect(() => evaluate({ 'Fn::Transform': {} }, scope)).toThrow('the function Fn::Transform is not known');
  });

  it('shows what it refers to', () => {
    const value = {
      a: { Ref: 'A' },
      b: { 'Fn::Sub': ['${B.Arn} ${Own}', { Own: { 'Fn::GetAtt': ['C', 'Arn'] } }] },
    };
    expect(referencesIn(value)).toEqual(expect.arrayContaining(['A', 'B', 'C']));
  });
});
