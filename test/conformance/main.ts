/** `npm run conformance -- operators CASES_DIR OUT_DIR`: what our operators emit for the cases of a directory. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caseFiles, readCases } from './operators/case.ts';
import { difference } from './operators/compare.ts';
import { runCase } from './operators/run-case.ts';

const USAGE = 'usage: npm run conformance -- operators CASES_DIR OUT_DIR';

async function main([suite, casesDirectory, outDirectory]: readonly string[]): Promise<void> {
  if (suite !== 'operators' || casesDirectory === undefined || outDirectory === undefined) {
    console.error(
      suite === undefined || suite === 'operators'
        ? USAGE
        : `Cannot run suite "${suite}": there is "operators"\n${USAGE}`,
    );
    process.exitCode = 2;
    return;
  }
  mkdirSync(outDirectory, { recursive: true });
  for (const file of caseFiles(casesDirectory)) {
    const lines: string[] = [];
    let passed = 0;
    const cases = readCases(casesDirectory, file);
    for (const each of cases) {
      const output = await runCase(each).catch((error: unknown) => [
        { error: 'unsupported', message: String(error) },
      ]);
      lines.push(JSON.stringify({ id: each.id, output }));
      passed += difference(each, output) === undefined ? 1 : 0;
    }
    writeFileSync(join(outDirectory, `${file}.jsonl`), `${lines.join('\n')}\n`);
    console.log(`${file.padEnd(20)} ${passed} of ${cases.length} as expected`);
  }
}

await main(process.argv.slice(2));
