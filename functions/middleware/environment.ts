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

/** The region that this function runs in; Lambda sets it. */
export function ownRegion(): string {
  return process.env['AWS_REGION'] ?? 'local';
}

/** Whether the AWS that this function calls is on its own machine. Lambda on AWS has no such endpoint. */
export function isOnLoopback(): boolean {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? '';
  return URL.canParse(endpoint) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
