import { DecodeError } from '../../data/decode-error.ts';

/** The characters of a CSV that can be chosen. */
export interface CsvSyntax {
  readonly delimiter: string;
  /** Stands for null; a field of this text that is none is quoted. */
  readonly nullLiteral: string;
}

/** A field as it was written: only without quotes can it be null. */
export interface CsvField {
  readonly text: string;
  readonly quoted: boolean;
}

const QUOTE = '"';

/** The field as RFC 4180 writes it; undefined is null. */
export function csvField(text: string | undefined, { delimiter, nullLiteral }: CsvSyntax): string {
  if (text === undefined) return nullLiteral;
  const plain =
    text !== nullLiteral && !text.includes(delimiter) && !/["\r\n]/.test(text) && !/^\s|\s$/.test(text);
  return plain ? text : `${QUOTE}${text.replaceAll(QUOTE, QUOTE + QUOTE)}${QUOTE}`;
}

/** The fields of one line. Quotes may hold delimiters, quotes and line ends. */
export function csvFields(line: string, { delimiter }: CsvSyntax): readonly CsvField[] {
  const fields: CsvField[] = [];
  for (let at = 0; ;) {
    const end = line[at] === QUOTE ? closingQuote(line, at) + 1 : endOf(line, delimiter, at);
    const quoted = line[at] === QUOTE;
    const text = quoted ? line.slice(at + 1, end - 1).replaceAll(QUOTE + QUOTE, QUOTE) : line.slice(at, end);
    fields.push({ text, quoted });
    if (end === line.length) return fields;
    if (line[end] !== delimiter)
      throw new DecodeError(`has text behind the quote that closes field ${fields.length}`);
    at = end + 1;
  }
}

function endOf(line: string, delimiter: string, from: number): number {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? line.length : end;
}

function closingQuote(line: string, opening: number): number {
  for (let at = line.indexOf(QUOTE, opening + 1); at >= 0; at = line.indexOf(QUOTE, at + 2))
    if (line[at + 1] !== QUOTE) return at;
  throw new DecodeError(`has a quote at character ${opening + 1} that is not closed`);
}
