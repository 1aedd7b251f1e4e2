/** What is bundled: one row an output below build/, from one entry file of the repository. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Functions of the control plane, named as their folders below build/functions. */
export const functionEntries = {
  query: 'functions/api/query.ts',
  command: 'functions/api/command.ts',
  steps: 'functions/steps/run-step.ts',
  'task-changed': 'functions/events/task-changed.ts',
  sweep: 'functions/events/sweep.ts',
  gateway: 'functions/gateway/gateway.ts',
  authorizer: 'functions/authorizer/authorizer.ts',
} as const;

export type FunctionName = keyof typeof functionEntries;

/** Output below build/, without its extension `.mjs` → entry file. */
const bundles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(functionEntries).map(([name, entry]) => [`functions/${name}/index`, entry]),
  ),
  'worker/worker': 'engine/worker/main.ts',
  'worker/bootstrap': 'engine/worker/bootstrap.ts',
  'examples/payments-dashboard/results/index': 'examples/payments-dashboard/results/results.ts',
  'examples/payments-dashboard/results/simulator': 'examples/payments-dashboard/simulator.ts',
};

/** The bundles whose entry file exists, and the entry files that do not. */
export function findBundles(root: string): {
  present: Record<string, string>;
  missing: string[];
  absent: string[];
} {
  const rows = Object.entries(bundles);
  const isPresent = (entry: string): boolean => existsSync(join(root, entry));
  return {
    present: Object.fromEntries(rows.filter(([, entry]) => isPresent(entry))),
    absent: rows.filter(([, entry]) => !isPresent(entry)).map(([output]) => output),
    missing: rows.map(([, entry]) => entry).filter((entry) => !isPresent(entry)),
  };
}
