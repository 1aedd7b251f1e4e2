import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Bids on some auctions. */
export const q2: Query = (events, output) => {
  const rows = bidsOf(events)
    .filter(({ auction }) => auction % 123 === 0)
    .map(({ auction, price }) => ({ auction, price }));
  output(rows, { columns: (row) => row });
};
