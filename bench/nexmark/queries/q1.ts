import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Prices from dollars to euros. */
export const q1: Query = (events, output) => {
  const rows = bidsOf(events).map(({ auction, bidder, price, dateTime, extra }) => ({
    auction,
    bidder,
    price: 0.908 * price,
    dateTime,
    extra,
  }));
  output(rows, {
    // SQL computes with decimals, which are text in JSON.
    columns: (row) => ({ ...row, price: row.price.toFixed(3), dateTime: sqlTime(row.dateTime) }),
  });
};
