import { sqlTime } from '../json-lines.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

/** Every bid, unchanged. */
export const q0: Query = (events, output) => {
  const rows = bidsOf(events).map(({ auction, bidder, price, dateTime, extra }) => ({
    auction,
    bidder,
    price,
    dateTime,
    extra,
  }));
  output(rows, { columns: (row) => ({ ...row, dateTime: sqlTime(row.dateTime) }) });
};
