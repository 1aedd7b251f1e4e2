/** The only file of the control plane that reads the environment. */
import { functionEnvironment } from '#contract/names.ts';

export type Setting = keyof typeof functionEnvironment;

/** A setting that this function cannot do without. */
export function setting(name: Setting): string {
  const value = optionalSetting(name);
  if (value !== undefined) return value;
  const variable = functionEnvironment[name];
  throw new Error(`Cannot read setting "${name}": set ${variable} in the environment of this function`);
}

/** A setting that only some functions have; empty counts as absent. */
export function optionalSetting(name: Setting): string | undefined {
  const value = process.env[functionEnvironment[name]];
  return value === undefined || value === '' ? undefined : value;
}

/** A setting that holds several values between commas. */
export function listSetting(name: Setting): string[] {
  return setting(name).split(',');
}
