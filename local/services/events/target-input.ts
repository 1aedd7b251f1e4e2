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
  return template.replaceAll(/<([\w.-]+)>/g, (_all, name: string, offset: number) => {
    const value = name === 'aws.events.event' ? event : part(event, paths[name] ?? `$.${name}`);
    const json = JSON.stringify(value ?? '');
    if (!isWithinString(template, offset)) return json;
    // Within quotation marks a string stands bare, and anything else as its JSON, escaped.
    return typeof value === 'string' ? json.slice(1, -1) : JSON.stringify(json).slice(1, -1);
  });
}

function isWithinString(template: string, offset: number): boolean {
  const marks = template.slice(0, offset).match(/(?<!\\)"/g) ?? [];
  return marks.length % 2 === 1;
}

function part(event: unknown, path: string): unknown {
  let value = event;
  for (const member of path.split('.').slice(1)) value = isObject(value) ? value[member] : undefined;
  return value;
}
