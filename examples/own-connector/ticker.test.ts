import { describe, test } from 'vitest';
import { sourceContract } from 'headwater/testing';
import { ticker } from './ticker.ts';

const records = Array.from({ length: 1000 }, (_, number) => ({ number, at: number * 250 }));

describe('the ticker', () => {
  const contract = sourceContract({ source: () => ticker({ count: 1000, everyMs: 250 }), records });
  for (const { name, run } of contract) test(name, () => run());
});
