/**
 * The program of every container: fetches another program by its address, checks its hash and runs it.
 *
 * It is text for `node --input-type=module --eval`, so that the public Node image needs nothing else: no image is
 * built and none has to be kept up to date. It has no dependencies, and no backticks or `${` of its own.
 */
export const BOOTSTRAP = `
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
const { HEADWATER_WORKER_URL: url = '', HEADWATER_WORKER_SHA256: sha256 } = process.env;
const refuse = (reason) => { console.error(JSON.stringify({ level: 'error', message: 'The program could not be fetched', reason, url: url.split('?')[0] })); process.exit(78); };
const fetchOnce = () => fetch(url, { signal: AbortSignal.timeout(30000) }).then(async (r) => r.ok ? Buffer.from(await r.arrayBuffer()) : Promise.reject(new Error('status ' + r.status)));
if (url === '' || !sha256) refuse('set HEADWATER_WORKER_URL and HEADWATER_WORKER_SHA256');
let bytes;
for (let attempt = 1; bytes === undefined; attempt++) {
  try { bytes = await fetchOnce(); } catch (error) {
    if (attempt === 5) refuse(String(error.cause ?? error));
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}
const actual = createHash('sha256').update(bytes).digest('hex');
if (actual !== sha256) refuse('its SHA-256 is ' + actual + ' and must be ' + sha256);
const directory = mkdtempSync(join(tmpdir(), 'headwater-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
writeFileSync(join(directory, 'program.mjs'), bytes);
await import(pathToFileURL(join(directory, 'program.mjs')).href);
`.trimStart();
