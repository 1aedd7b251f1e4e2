/**
 * The program of every container: fetches another program by its address, checks its hash and runs it.
 *
 * It is text for `node --input-type=module --eval`, so that the public Node image needs nothing else: no image is
 * built and none has to be kept up to date. It has no dependencies, and no backticks or `${` of its own; it does
 * without `fetch`, and without importing `node:http` as an ES module, either of which would load undici and keep up
 * to 20 MB of memory for the life of the program.
 */
export const BOOTSTRAP = `
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
const { HEADWATER_WORKER_URL: url = '', HEADWATER_WORKER_SHA256: sha256 } = process.env;
const refuse = (reason) => { console.error(JSON.stringify({ level: 'error', message: 'The program could not be fetched', reason, url: url.split('?')[0] })); process.exit(78); };
const fetchOnce = async () => {
  const { get } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
  const response = await new Promise((resolve, reject) => get(url, { agent: false, signal: AbortSignal.timeout(30000) }, resolve).on('error', reject));
  if (response.statusCode !== 200) throw new Error('status ' + response.statusCode);
  return Buffer.concat(await response.toArray());
};
if (url === '' || !sha256) refuse('set HEADWATER_WORKER_URL and HEADWATER_WORKER_SHA256');
for (var bytes, attempt = 1; bytes === undefined; attempt++) {
  try { bytes = await fetchOnce(); } catch (error) {
    if (attempt === 5) refuse(String(error));
    await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
  }
}
const actual = createHash('sha256').update(bytes).digest('hex');
if (actual !== sha256) refuse('its SHA-256 is ' + actual + ' and must be ' + sha256);
const directory = mkdtempSync(tmpdir() + '/headwater-');
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
writeFileSync(directory + '/program.mjs', bytes);
await import(pathToFileURL(directory + '/program.mjs').href);
`.trimStart();
