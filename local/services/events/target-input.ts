/** What a rule's target is given of an event. */
import { isObject } from '../../input.ts';

/** A target of a rule or schedule, as templates declare it. */
export interface EventTarget {
  readonly id: string;
  readonly arn: string;
  /** Constant JSON text in place of the event. */
  readonly input?: string;
  /** Path of the part of the event to hand on, such as `$.detail`. */
  readonly inputPath?: string;
  readonly inputTransformer?: { readonly paths: Readonly<Record<string, string>>; readonly template: string };
}

/** JSON text for the target. */
export function targetInput(target: EventTarget, event: unknown): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath !== undefined) return JSON.stringify(part(event, target.inputPath) ?? null);
  if (target.inputTransformer !== undefined) return transform(target.inputTransformer, event);
  return JSON.stringify(event);
}

function transform(transformer: NonNullable<EventTarget['inputTransformer']>, event: unknown): string {
  const { paths, template } = transformer;
  return template.replaceAll(/("?)<([\w.-]+)>("?)/g, (_all, before: string, name: string, after: string) => {
    const value = name === 'aws.events.event' ? event : part(event, paths[name] ?? `$.${name}`);
    // Between quotation marks a string is inserted bare, elsewhere as JSON.
    if (before !== '' && after !== '')
      return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value));
    if (before !== '' || after !== '')
      return before + (typeof value === 'string' ? value : JSON.stringify(value)) + after;
    return JSON.stringify(value ?? '');
  });
}

function part(event: unknown, path: string): unknown {
  let value = event;
  for (const member of path.split('.').slice(1)) value = isObject(value) ? value[member] : undefined;
  return value;
}
