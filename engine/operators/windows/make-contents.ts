import { AggregatedContents } from './aggregated-contents.ts';
import { ElementContents, type StoredElement } from './element-contents.ts';
import { evictorOf } from './evictor.ts';
import { ROW_FIELDS, type RowFields } from './pane-functions.ts';
import { RecordContents, ReducedContents } from './record-contents.ts';
import type { WindowContents } from './window-contents.ts';
import type { GeneralWindowDefinition } from './window-definition.ts';
import type { WindowEntry } from './window-entry.ts';
import type { WindowFunction } from './window-function.ts';

type OnWindow = (...given: readonly unknown[]) => unknown;

/** How the windows of a definition hold their records, and what they do with them when they fire. */
export function makeContents(definition: GeneralWindowDefinition, calls: WindowFunction): WindowContents {
  const { function: fn, evictor, records } = definition;
  if (fn.kind === 'two-inputs') {
    const onWindow = fn.onWindow as OnWindow; // the graph joins only what fits, here and below
    return elementsOf(definition, (window, elements) => {
      const [lefts, rights] = [valuesOf(elements, false), valuesOf(elements, true)];
      calls.call(window, onWindow, lefts, rights);
    });
  }
  const finish = finisher(fn.onWindow as OnWindow | undefined, calls);
  if (evictor !== undefined) {
    const summary = summaryOf(definition);
    return elementsOf(definition, (window, elements) =>
      finish(
        window,
        summary(
          window,
          elements.map(({ value }) => value),
        ),
      ),
    );
  }
  switch (fn.kind) {
    case 'process':
      return new RecordContents(records[0], finish);
    case 'reduce':
      return new ReducedContents(records[0], fn.reduce as Reduce, finish); // as above
    case 'aggregate':
      return new AggregatedContents(Object.entries(fn.aggregates), rowFields(definition), finish);
  }
}

type Reduce = (left: unknown, right: unknown) => unknown;
type Finish = (window: WindowEntry, given: unknown) => void;

function finisher(onWindow: OnWindow | undefined, calls: WindowFunction): Finish {
  return onWindow === undefined
    ? (window, given) => calls.emit(window, given)
    : (window, given) => calls.call(window, onWindow, given);
}

function elementsOf(
  { evictor, records }: GeneralWindowDefinition,
  finish: (window: WindowEntry, elements: readonly StoredElement[]) => void,
): ElementContents {
  const eviction = evictor === undefined ? {} : { eviction: { evict: evictorOf(evictor), when: evictor } };
  return new ElementContents({ schemas: records, finish, ...eviction });
}

function valuesOf(elements: readonly StoredElement[], second: boolean): readonly unknown[] {
  return elements.filter((element) => element.second === second).map(({ value }) => value);
}

/** What a function is given of the records that an evictor left; of none the reduced record is null, as in Flink. */
function summaryOf(
  definition: GeneralWindowDefinition,
): (window: WindowEntry, records: readonly unknown[]) => unknown {
  const { function: fn } = definition;
  switch (fn.kind) {
    case 'reduce': {
      const reduce = fn.reduce as Reduce; // as above
      return (_, records) =>
        records.length === 0 ? null : records.reduce((left, right) => reduce(left, right));
    }
    case 'aggregate': {
      const columns = Object.entries(fn.aggregates);
      const contents = new AggregatedContents(columns, rowFields(definition), () => undefined);
      return (window, records) => contents.rowOf(window, records);
    }
    default:
      return (_, records) => records;
  }
}

function rowFields({ keyed, assigner }: GeneralWindowDefinition): RowFields {
  return ROW_FIELDS.filter((field) => (field === 'key' ? keyed : assigner.kind !== 'global'));
}

/** Own aggregates that cannot be merged. */
export function unmergeable(definition: Pick<GeneralWindowDefinition, 'function'>): readonly string[] {
  const { function: fn } = definition;
  return fn.kind !== 'aggregate'
    ? []
    : Object.entries(fn.aggregates)
        .filter(([, each]) => each.kind === 'own' && each.merge === undefined)
        .map(([column]) => column);
}
