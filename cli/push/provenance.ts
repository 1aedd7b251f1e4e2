/** Where a program comes from: what git says of the folder that it lies in. */
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** All of it is empty outside of a repository. */
export interface Provenance {
  readonly commit: string | null;
  readonly branch: string | null;
  /** Files differ from the commit. */
  readonly dirty: boolean;
  readonly author: string | null;
}

/** Variables in which CI systems name the branch: they check out a commit without one. */
const BRANCH_VARIABLES = ['CI_COMMIT_REF_NAME', 'GIT_BRANCH', 'GITHUB_REF_NAME', 'BRANCH_NAME'] as const;

export async function provenance(
  entry: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Provenance> {
  const git = async (...parameters: readonly string[]): Promise<string> => {
    const { stdout } = await run('git', ['-C', dirname(resolve(entry)), ...parameters]);
    return stdout.trim();
  };
  try {
    const [commit = '', author = ''] = (await git('log', '-1', '--format=%H%n%an')).split('\n');
    const [head, changes] = await Promise.all([
      git('rev-parse', '--abbrev-ref', 'HEAD'),
      git('status', '--porcelain'),
    ]);
    const named = BRANCH_VARIABLES.map((name) => environment[name]).find((name) => name);
    const branch = head === 'HEAD' ? (named ?? '') : head;
    return {
      commit: commit || null,
      branch: branch.slice(0, 256) || null,
      dirty: changes !== '',
      author: author.slice(0, 256) || null,
    };
  } catch {
    // Not a repository, or no git: the version simply does not say.
    return { commit: null, branch: null, dirty: false, author: null };
  }
}
