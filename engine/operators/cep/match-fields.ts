import { isAbsence, type PatternStep } from './match-definition.ts';

/** What a match has for a step: its event, its event or undefined, or the list of its events. */
export interface MatchField {
  readonly step: string;
  readonly kind: 'one' | 'optional' | 'many';
}

/** The fields of a match, in the order of the steps; those of a group are lists where the group may come repeatedly. */
export function matchFields(steps: readonly PatternStep[]): readonly MatchField[] {
  return steps.filter((step) => !isAbsence(step)).flatMap(fieldsOf);
}

function fieldsOf(step: PatternStep): readonly MatchField[] {
  if (step.group !== undefined) {
    return matchFields(step.group).map((field) => within(step, field));
  }
  return [within(step, { step: step.name, kind: 'one' })];
}

function within({ times, optional }: PatternStep, field: MatchField): MatchField {
  if (times !== undefined || field.kind === 'many') {
    return { step: field.step, kind: 'many' };
  }
  return optional ? { step: field.step, kind: 'optional' } : field;
}
