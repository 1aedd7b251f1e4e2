/** What is bundled: one row an output below build/, from one entry file of the repository. */

/** Output below build/, without its extension `.mjs` → entry file. */
export const bundles: Readonly<Record<string, string>> = {
  'functions/query/index': 'functions/api/query.ts',
  'functions/command/index': 'functions/api/command.ts',
  'functions/steps/index': 'functions/steps/run-step.ts',
  'functions/task-changed/index': 'functions/events/task-changed.ts',
  'functions/sweep/index': 'functions/events/sweep.ts',
  'functions/housekeeping/index': 'functions/events/housekeeping.ts',
  'functions/webhooks/index': 'functions/events/deliver-webhooks.ts',
  'functions/gateway/index': 'functions/gateway/gateway.ts',
  'functions/authorizer/index': 'functions/authorizer/authorizer.ts',
  'worker/worker': 'engine/worker/main.ts',
  'worker/bootstrap': 'engine/worker/bootstrap.ts',
  'examples/payments-dashboard/results/index': 'examples/payments-dashboard/results/results.ts',
  'examples/payments-dashboard/results/simulator': 'examples/payments-dashboard/simulator.ts',
};
