import { expect, test } from 'vitest';
import { codeOf } from './program-text.ts';

/** Functions by their text, since a formatter and a compiler would change what these tests are about. */
function code(text: string): string {
  // oxlint-disable-next-line typescript/no-implied-eval -- the text is the subject
  return codeOf(new Function('record', text) as () => unknown)
    .replace(/^[^{]*\{|\}[^}]*$/g, '')
    .trim();
}

test('strings and comments are no code', () => {
  expect(code(`return 'a' + "b\\" c" /* d */ + 1; // e`)).toBe(`return '' + ''   + 1;`);
});

test('the text of a template is no code, its expressions are, however deep', () => {
  expect(code('return `a ${ { b: `c ${d} e` } } \\` f ${g}`;').replaceAll(/\s+/g, ' ')).toBe(
    'return ( { b: (d) } ) (g) ;',
  );
});

test('a slash is a regular expression where a value may stand, and else a division', () => {
  expect(code(String.raw`return /'\/[/"]/g.test(record) || a / b / c;`)).toBe(
    `return ''.test(record) || a / b / c;`,
  );
});
