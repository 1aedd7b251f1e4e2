import type { Adjustments, SinkAdjustment } from '../runtime/adjustments.ts';
import { WorkerRefusal } from './worker-refusal.ts';

const MODES = ['keep', 'discard', 'capture'] as const;

/**
 * Reads what the control plane wrote; undefined where the program is left as it is. Captures go below `folder`.
 *
 * Throws a `WorkerRefusal` that names the field at fault: a sink that is misread might write where it must not.
 */
export function adjustmentSettings(value: unknown, name: string, folder: string): Adjustments | undefined {
  if (value === undefined) return undefined;
  const { everySink, sinks, startAtMs } = fieldsOf(value, name);
  if (!isMode(everySink)) throw refused(`${name}.everySink`, `one of ${MODES.join(', ')}`);
  if (startAtMs !== undefined && typeof startAtMs !== 'number')
    throw refused(`${name}.startAtMs`, 'a number');
  const adjusted = Object.entries(fieldsOf(sinks ?? {}, `${name}.sinks`));
  return {
    everySink,
    sinks: Object.fromEntries(
      adjusted.map(([sink, how]) => [sink, adjustmentOf(how, `${name}.sinks.${sink}`)]),
    ),
    captures: `${folder}/captures`,
    ...(startAtMs === undefined ? {} : { startAtMs }),
  };
}

function adjustmentOf(value: unknown, name: string): SinkAdjustment {
  const { mode, options } = fieldsOf(value, name);
  if (isMode(mode)) return { mode };
  if (mode !== 'redirect') throw refused(`${name}.mode`, `one of ${[...MODES, 'redirect'].join(', ')}`);
  const given = Object.entries(fieldsOf(options, `${name}.options`));
  const texts = given.map(([option, place]): [string, string] => {
    if (typeof place !== 'string') throw refused(`${name}.options.${option}`, 'a text');
    return [option, place];
  });
  return { mode, options: Object.fromEntries(texts) };
}

function isMode(value: unknown): value is (typeof MODES)[number] {
  return MODES.some((mode) => mode === value);
}

function fieldsOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(name, 'an object');
  return { ...value };
}

function refused(name: string, wanted: string): WorkerRefusal {
  return new WorkerRefusal(`Cannot start the worker: ${name} must be ${wanted}`);
}
