import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** A program and its arguments. */
export type Command = readonly [program: string, ...rest: string[]];

// A file system of its own, that nobody else sees and that goes with the process. Who is not root becomes it in there.
const NAMESPACE = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

let possible: boolean | undefined;

/** Whether this machine lets us have disks that fill up; containers without the right to mount do not. */
export function hasSmallDisks(): boolean {
  possible ??= spawnSync('unshare', [...NAMESPACE, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  return possible;
}

/** The command with a disk of so many kilobytes at the directory. It keeps its process id. */
export function onSmallDisk(command: Command, directory: string, kilobytes: number): Command {
  mkdirSync(directory, { recursive: true });
  const mount = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';
  return ['unshare', ...NAMESPACE, 'sh', '-c', mount, 'sh', `${kilobytes}k`, directory, ...command];
}
