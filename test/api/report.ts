/** Writes down the API as it is, which later ones must not break; prints what breaks against the one before. */
import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '#contract/api/openapi.ts';
import { breakingChanges } from './breaking-changes.ts';

const file = new URL('../data/api/v1.json', import.meta.url);
// Plain data, as a client reads it.
const document = JSON.parse(JSON.stringify(openApiDocument('1'))) as Record<string, unknown>;

try {
  const before = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  for (const change of breakingChanges(before, document)) console.log(`breaking: ${change}`);
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
writeFileSync(file, `${JSON.stringify(document)}\n`);
