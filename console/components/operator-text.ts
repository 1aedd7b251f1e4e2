/** Operators in words. */
import type { OperatorDescription } from '#contract/resources/application-version.ts';

/** Kind and what makes it this one: "source · kinesis", "window · 1 minute". */
export function operatorKind(operator: OperatorDescription): string {
  const { connector, window, assigner } = operator.description;
  return [operator.kind, connector ?? window ?? assigner].filter((part) => part !== undefined).join(' · ');
}
