/** Schedule expressions of EventBridge: `rate(1 minute)`, `cron(0 12 * * ? *)`, `at(2026-11-21T12:00:00)`. */
import { Cron } from 'croner';

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** A schedule that fires until it is stopped. */
export interface RunningSchedule {
  stop(): void;
}

/** Runs something at the times that the expression says; a rate counts from now, as on AWS from its creation. */
export function startSchedule(expression: string, timezone: string, run: () => void): RunningSchedule {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim());
  const [, kind, body = ''] = match ?? [];
  if (kind === 'rate') return startRate(expression, body, run);
  if (kind === 'cron') return new Cron(cronPattern(expression, body), { timezone }, run);
  if (kind === 'at') return new Cron(body, { timezone }, run);
  throw invalid(expression);
}

function startRate(expression: string, body: string, run: () => void): RunningSchedule {
  const [, count, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(body.trim()) ?? [];
  const periodMs = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (!(periodMs > 0)) throw invalid(expression);
  const timer = setInterval(run, periodMs);
  return { stop: () => clearInterval(timer) };
}

/** AWS has six fields without seconds and counts Sunday as 1; croner has seven with seconds and counts it as 0. */
function cronPattern(expression: string, body: string): string {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6) throw invalid(expression);
  const [minute, hour, day, month, weekday = '*', year] = fields;
  const shifted = weekday.replaceAll(
    /(^|[,-])(\d)/g,
    (_all, before: string, digit: string) => before + (Number(digit) - 1),
  );
  return ['0', minute, hour, day, month, shifted, year].join(' ').replaceAll('?', '*');
}

function invalid(expression: string): Error {
  return new Error(`Cannot read schedule "${expression}": expected rate(…), cron(… six fields …) or at(…)`);
}
