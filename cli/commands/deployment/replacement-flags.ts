/** What verbs take that put a new job in the place of another. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import type { UpgradeGate } from '#contract/resources/upgrade.ts';
import type { Flag, Invocation } from '../../command.ts';
import { CliError, exitCode } from '../../exit-code.ts';

export const reasonFlag: Readonly<Record<string, Flag>> = {
  reason: { type: 'string', short: 'm', about: 'why; kept with the revision and the operation' },
};

export const lossFlag: Readonly<Record<string, Flag>> = {
  'accept-state-loss': { type: 'boolean', about: 'what the plan says is given up may be lost' },
};

export const gateFlags: Readonly<Record<string, Flag>> = {
  'gate-timeout': {
    type: 'string',
    about: 'how long the new job may take to pass its gate, such as "5 minutes"',
  },
  'healthy-for': { type: 'string', about: 'how long it must run without a restart, such as "30 seconds"' },
};

/** Of the flags that were given, the members of the request. */
export function reasonOf({ flags }: Invocation): { reason?: string } {
  return typeof flags['reason'] === 'string' ? { reason: flags['reason'] } : {};
}

export function acceptanceOf({ flags }: Invocation): { acceptStateLoss: boolean } {
  return { acceptStateLoss: flags['accept-state-loss'] === true };
}

/** A gate of its own, where a flag says something about it. */
export function gateOf({ flags }: Invocation): { gate?: Partial<UpgradeGate> } {
  const timeout = flags['gate-timeout'];
  const healthyFor = flags['healthy-for'];
  if (typeof timeout !== 'string' && typeof healthyFor !== 'string') return {};
  return {
    gate: {
      ...(typeof timeout === 'string' ? { timeout } : {}),
      ...(typeof healthyFor === 'string' ? { healthyFor } : {}),
    },
  };
}

/** A whole number above zero; undefined when the flag was not given. */
export function numberFlag({ flags }: Invocation, name: string): number | undefined {
  const text = flags[name];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^[1-9]\d*$/.test(text)) return Number(text);
  throw new CliError(
    exitCode.usage,
    `Cannot use --${name} ${String(text)}: it must be a whole number above 0`,
  );
}

/** Members of the spec from a YAML or JSON file; undefined when the flag was not given. */
export async function specPatch({ flags }: Invocation): Promise<Record<string, unknown> | undefined> {
  const file = flags['file'];
  if (typeof file !== 'string') return undefined;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : 'no reason given';
    throw new CliError(exitCode.usage, `Cannot read ${file}: ${reason}`, { cause });
  });
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) throw new CliError(exitCode.usage, `Cannot read ${file}: ${fault.message}`);
  const patch: unknown = document.toJS();
  if (typeof patch === 'object' && patch !== null && !Array.isArray(patch)) return { ...patch };
  throw new CliError(
    exitCode.usage,
    `Cannot use ${file}: it must hold members of a spec, such as "parallelism: 2"`,
  );
}
