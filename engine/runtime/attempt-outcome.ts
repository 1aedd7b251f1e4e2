import type { Fault } from './job-status.ts';
import type { EnteredRecord } from './poison/entered-record.ts';

/** How one attempt came to its end. */
export type Outcome =
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled' }
  /** It is to go on at once, with the slots of the rescaling. */
  | { readonly kind: 'rescaled' }
  | Broke;

/** An attempt that a fault has ended. */
export interface Broke {
  readonly kind: 'broke';
  readonly fault: Fault;
  readonly fenced: boolean;
  readonly entered?: EnteredRecord | undefined;
  /** False where another try would end as this one did. */
  readonly curable: boolean;
}

/** The name of a `StateMigrationError`, as a fault carries it. */
const MIGRATION_REFUSED = 'StateMigrationError';

/** State that does not fit the program will not fit it at the next try either. */
export function isCurable({ name }: Fault): boolean {
  return name !== MIGRATION_REFUSED;
}
