/** What processes use, as Linux tells it. */
import { readFileSync } from 'node:fs';

const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** User and system CPU of one process, all its threads, ms. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of one process that is in RAM, MB. */
export function rssMbOf(pid: number): number {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES) / 1e6;
}

/** CPU that the whole machine has spent, ms; 0 where there is no such file. */
export function machineCpuMs(): number {
  try {
    const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 9);
    return [user, nice, system, irq, softirq].reduce((sum, ticks) => sum + Number(ticks) * TICK_MS, 0);
  } catch {
    return 0;
  }
}
