import { aggregate, count, sliding, t, tumbling } from '../../../engine/index.ts';
import type { Query } from '../query.ts';
import { bidsOf } from '../views.ts';

interface Counted {
  readonly key: number;
  readonly bids: number;
}

const Row = t.row({ auction: t.int, num: t.int });

/** Auctions with the most bids in the last 10 seconds, every 2 seconds. */
export const q5: Query = (events, output) => {
  const rows = bidsOf(events)
    .keyBy(({ auction }) => auction)
    .window(sliding('10 seconds', '2 seconds'))
    .aggregate('per-auction', { bids: count() })
    // The counts of a window come with its last moment as their time, so that they are in one window again.
    .windowAll(tumbling('2 seconds'))
    .aggregate(
      'hottest',
      {
        top: aggregate<Counted, Counted[], readonly Counted[]>({
          init: () => [],
          add: (top, { key, bids }) => {
            const most = top[0]?.bids ?? 0;
            if (bids < most) return top;
            if (bids > most) top.length = 0;
            top.push({ key, bids });
            return top;
          },
          result: (top) => top,
        }),
      },
      {
        output: Row,
        onWindow({ top }, ctx) {
          for (const { key, bids } of top) ctx.emit({ auction: key, num: bids });
        },
      },
    );
  output(rows, { columns: (row) => row });
};
