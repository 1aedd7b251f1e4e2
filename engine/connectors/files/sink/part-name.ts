import { createHash } from 'node:crypto';
import type { ConnectorHost } from '../../connector.ts';

/** Which writer of which job a file is of, as its name says. */
export interface PartOrigin {
  readonly subtask: number;
  readonly owner: string;
  readonly epoch: number;
  /** Tells attempts of one epoch apart. */
  readonly run: string;
}

const RUN_DIGITS = 8;
const OWNER_DIGITS = 6;
const NAME = /(?:^|\/)part-(\d+)-\d+-([0-9a-f]{6})-(\d+)-([0-9a-z]{8})(?:\.|$)/;

/** The origin of all files of one writer. */
export function partOrigin(host: ConnectorHost, subtask: number): PartOrigin {
  const run = Math.floor(host.random() * 36 ** RUN_DIGITS).toString(36);
  return { subtask, owner: ownerDigits(host.owner), epoch: host.epoch, run: run.padStart(RUN_DIGITS, '0') };
}

/** As in `part-0-00012-3f9a2c-7-0k2x9q1z`: subtask, number, owner, epoch and run. */
export function partName({ subtask, owner, epoch, run }: PartOrigin, number: number): string {
  return `part-${subtask}-${String(number).padStart(5, '0')}-${owner}-${epoch}-${run}`;
}

/** Undefined for names that no sink of ours gives. */
export function originOf(name: string): PartOrigin | undefined {
  const [, subtask, owner, epoch, run] = NAME.exec(name) ?? [];
  return owner === undefined || run === undefined
    ? undefined
    : { subtask: Number(subtask), owner, epoch: Number(epoch), run };
}

/** Owners are paths; files of two of them may meet in one folder. */
export function ownerDigits(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, OWNER_DIGITS);
}
