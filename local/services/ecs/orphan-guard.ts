/**
 * Runs before the program of every local task: ends it when the platform is gone. A task that outlived a kill -9 of
 * the platform would go on writing beside the one that the next start puts in its place.
 */
const program = `
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// The guard alone must not keep a finished program alive.
process.channel?.unref();
`;

/** Address for `--import`; not a file, since a TypeScript file would cost each task the memory of a compiler. */
export const orphanGuard = `data:text/javascript,${encodeURIComponent(program)}`;
