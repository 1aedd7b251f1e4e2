/** YAML or JSON from a file or from standard input, checked before anything is sent. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseDocument } from 'yaml';
import type * as z from 'zod';
import { CliError, exitCode } from './exit-code.ts';

/** The document in a file, or in standard input when it is `-`; faults name their fields. */
export async function readDocument<T extends z.ZodType>(file: unknown, schema: T): Promise<z.output<T>> {
  if (typeof file !== 'string')
    throw new CliError(
      exitCode.usage,
      '--file is missing: name a YAML or JSON file, or - for standard input',
    );
  const document = parseDocument(await contentOf(file));
  const [fault] = document.errors;
  if (fault !== undefined) throw new CliError(exitCode.usage, `Cannot read ${file}: ${fault.message}`);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `\n  ${issue.path.join('.') || 'file'}: ${issue.message}`,
  );
  throw new CliError(exitCode.usage, `Cannot use ${file}:${faults.join('')}`);
}

function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : 'no reason given';
    throw new CliError(exitCode.usage, `Cannot read ${file}: ${reason}`, { cause });
  });
}
