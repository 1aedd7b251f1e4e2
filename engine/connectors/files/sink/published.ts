import { FileFault } from '../file-store.ts';

/**
 * A file is there under its name, with less in it than was to be published. A longer one is no fault: a job that was
 * restored from an older savepoint meets what it has published since.
 */
export function shorter(name: string, presentBytes: number, expectedBytes: number): FileFault {
  return new FileFault(
    `Cannot publish file "${name}": it is there with ${presentBytes} bytes, and should have ${expectedBytes}; another job has taken it over, so give each its own location`,
  );
}
