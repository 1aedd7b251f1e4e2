import { Problem } from '#contract/problems.ts';

// Secrets Manager adds a dash and six characters to a name, and finds a secret by an ARN without them too.
const SUFFIX = /-\w{6}$/;

/**
 * The problem that a reference names the secret from which the tokens of all jobs are made.
 *
 * The platform may read that secret, so a configuration that refers to it would hand it to whoever wrote the program.
 */
export function ownSecretProblem(name: string, reference: string, jobSecret: string): Problem | undefined {
  if (reference.replace(SUFFIX, '') !== jobSecret.replace(SUFFIX, '') && reference !== jobSecret)
    return undefined;
  const message = `Cannot set secret "${name}": its reference names a secret of the platform itself; name one of your own`;
  return new Problem('invalid-request', message, {
    errors: [{ pointer: '/reference', message: 'must not name a secret of the platform' }],
  });
}
