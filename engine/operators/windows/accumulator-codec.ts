import { anyCodec } from '../../data/any-codec.ts';
import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import { unpinned } from '../../data/unpinned.ts';
import { type StateLayout, StateMigrationError } from '../../state/state-layout.ts';
import type { Pane } from './pane.ts';
import type { Columns } from './pane-functions.ts';

/** Name and kind of every aggregate, for the layout of a table. */
export function aggregateKinds(columns: Columns): readonly (readonly [name: string, kind: string])[] {
  return columns.map(([column, { kind }]) => [column, kind]);
}

export function writeAccumulators(out: FrameWriter, columns: Columns, pane: Pane): void {
  for (const [index, [, { kind }]] of columns.entries()) {
    if (kind === 'own') {
      anyCodec.write(out, pane[`a${index}`]);
    } else {
      out.f64(pane[`a${index}`] as number); // all built-in accumulators are numbers
    }
    if (kind === 'avg') {
      out.f64(pane[`n${index}`] ?? 0);
    }
  }
}

export function readAccumulators(from: FrameReader, columns: Columns, pane: Pane): void {
  for (const [index, [, { kind }]] of columns.entries()) {
    pane[`a${index}`] = kind === 'own' ? unpinned(anyCodec.read(from)) : from.f64();
    if (kind === 'avg') {
      pane[`n${index}`] = from.f64();
    }
  }
}

/** Accumulators of other aggregates cannot be read as those of these. */
export function refuseOtherAggregates(written: StateLayout, declared: StateLayout): void {
  const [before, now] = [aggregatesText(written), aggregatesText(declared)];
  if (before !== now) {
    throw new StateMigrationError(
      `its windows were written with ${before}, the program declares ${now}; give the operator a new name, or go back to the old aggregates`,
    );
  }
}

function aggregatesText(layout: StateLayout): string {
  return (layout.aggregates ?? []).map(([column, kind]) => `${column}: ${kind}`).join(', ');
}
