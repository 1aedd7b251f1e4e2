import { permissions } from '#contract/access.ts';
import type { Permission } from '#contract/access.ts';
import { CliError, exitCode } from '../../exit-code.ts';

/** Permissions as a flag lists them, with commas between them or the flag given several times. */
export function permissionsOf(flag: unknown): Permission[] | undefined {
  if (flag === undefined) return undefined;
  const words = [flag].flat().flatMap((text) => String(text).split(','));
  return words
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(permissionNamed);
}

function permissionNamed(word: string): Permission {
  const found = permissions.find((permission) => permission === word);
  if (found !== undefined) return found;
  throw new CliError(
    exitCode.usage,
    `There is no permission "${word}"; "headwater role list -o yaml" shows all that the role admin has`,
  );
}
