/** Numbers as people read them. Unknown is a dash, never a zero. */

export const UNKNOWN = '–';

const SCALES = [
  { from: 1e9, unit: 'G' },
  { from: 1e6, unit: 'M' },
  { from: 1e4, unit: 'k' },
];

/** A number and the unit it is counted in, apart, so that the unit can be set smaller. */
export interface Figure {
  readonly amount: string;
  readonly unit: string;
}

/** Records per second: "312", "48.2 k"; one decimal below ten. */
export function rateText(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined) return UNKNOWN;
  const scale = SCALES.find(({ from }) => perSecond >= from);
  if (scale === undefined) return perSecond.toFixed(perSecond > 0 && perSecond < 10 ? 1 : 0);
  return `${(perSecond / (scale.unit === 'k' ? 1e3 : scale.from)).toFixed(1)} ${scale.unit}`;
}

/** Every digit, grouped: "4,103,220". */
export function countText(count: number | null | undefined): string {
  return count === null || count === undefined ? UNKNOWN : Math.round(count).toLocaleString('en-US');
}

/** Decimal units, as S3 bills them: "38 MB". */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let index = 0;
  while (amount >= 1000 && index < units.length - 1) {
    amount /= 1000;
    index += 1;
  }
  return `${amount.toFixed(index > 0 && amount < 10 ? 1 : 0)} ${units[index] ?? ''}`;
}

/** Whole percent; what is there but rounds to nothing is "<1 %". */
export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return UNKNOWN;
  return share > 0 && share < 0.005 ? '<1 %' : `${Math.round(share * 100)} %`;
}
