import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks for a line on the terminal and does not show what is typed. */
export function promptHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolve) => {
    lines.question('', (line) => {
      lines.close();
      process.stderr.write('\n');
      resolve(line);
    });
  });
}
