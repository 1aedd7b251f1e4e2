import { AggregatingTable, ReducingTable } from '../state/accumulating-state.ts';
import { BroadcastTable } from '../state/broadcast-state.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { KeyScope } from '../state/key-scope.ts';
import { ListTable } from '../state/list-state.ts';
import { MapTable } from '../state/map-state.ts';
import { OperatorListTable } from '../state/operator-list.ts';
import type { SnapshotTable } from '../state/state-table.ts';
import { ValueTable } from '../state/value-state.ts';

/** The table behind a declared cell, which handlers see as the cell itself. */
export function cellOf(declaration: StateDeclaration, scope: KeyScope): SnapshotTable {
  switch (declaration.kind) {
    case 'map':
      return new MapTable(declaration, scope);
    case 'list':
      return new ListTable(declaration, scope);
    case 'reducing':
      return new ReducingTable(declaration, scope);
    case 'aggregating':
      return new AggregatingTable(declaration, scope);
    case 'broadcast':
      return new BroadcastTable(declaration, scope.clock);
    case 'operator-list':
      return new OperatorListTable(declaration);
    default:
      return new ValueTable(declaration, scope);
  }
}
