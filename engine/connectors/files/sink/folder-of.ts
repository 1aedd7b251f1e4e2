import { dateText } from '../../../data/date-text.ts';

/** How records are divided into folders. */
export type Partition<T> =
  /** The folder of a record, as in `2026/11/21`. */
  | ((value: T, time: number) => string)
  /** Folders as Hive has them, as in `country=DE/day=2026-11-21/hour=13`, in this order. */
  | {
      readonly fields?: readonly (keyof T & string)[];
      /** The time by whose day in UTC folders are made, ms since 1970. */
      readonly day?: (value: T) => number;
      readonly hour?: (value: T) => number;
    };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** What Hive has for a field without a value. */
const NO_VALUE = '__HIVE_DEFAULT_PARTITION__';

/** The folder of a record within the location. Throws where a function names one that is none. */
export function folderOf<T>(partition: Partition<T> | undefined): (value: T, time: number) => string {
  if (partition === undefined) return () => '';
  if (typeof partition === 'function') return (value, time) => checked(partition(value, time));
  const { fields = [], day, hour } = partition;
  return (value) => {
    const parts = fields.map((field) => `${encoded(field)}=${encoded(value[field])}`);
    if (day !== undefined) parts.push(`day=${dateText(Math.floor(day(value) / DAY_MS))}`);
    if (hour !== undefined) parts.push(`hour=${hourText(hour(value))}`);
    return parts.join('/');
  };
}

function hourText(time: number): string {
  const hour = Math.floor(time / HOUR_MS);
  return String(hour - Math.floor(hour / 24) * 24).padStart(2, '0');
}

function encoded(value: unknown): string {
  if (value === null || value === undefined || value === '') return NO_VALUE;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // As Hive, which escapes what paths and its own names may not hold.
  return text.replaceAll(/[^\w.\- ]/gu, (character) => encodeURIComponent(character));
}

function checked(folder: string): string {
  const trimmed = folder.replace(/^\/+|\/+$/g, '');
  const odd = trimmed.split('/').some((part) => part === '' || part === '.' || part === '..');
  if (trimmed !== '' && odd)
    throw new Error(
      `Cannot write a record into folder "${folder}": it leads out of the location; give a path within it, such as "2026/11/21"`,
    );
  return trimmed;
}
