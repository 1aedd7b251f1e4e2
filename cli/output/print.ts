/** Results to stdout; nothing else is ever printed there. */
import { styleText } from 'node:util';
import { stringify } from 'yaml';
import type { OutputFormat, Result } from '../command.ts';
import type { View } from './view.ts';

export function printed(result: Result, format: OutputFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(result.body, null, 2);
    case 'yaml':
      return stringify(result.body).trimEnd();
    case 'ndjson':
      return itemsOf(result.body)
        .map((item) => JSON.stringify(item))
        .join('\n');
    case 'rich':
      return shown(result.view, true);
    case 'plain':
      return shown(result.view, false);
  }
}

function itemsOf(body: unknown): readonly unknown[] {
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : undefined;
  return Array.isArray(items) ? items : [body];
}

function shown(view: View, rich: boolean): string {
  switch (view.kind) {
    case 'text':
      return view.text;
    case 'record': {
      const width = Math.max(...view.fields.map(([name]) => name.length));
      return view.fields
        .map(([name, value]) => `${dim(name.padEnd(width), rich)}  ${colored(value, rich)}`)
        .join('\n');
    }
    case 'table':
      return view.rows.length === 0 && rich ? view.empty : table(view.columns, view.rows, rich);
  }
}

function table(columns: readonly string[], rows: readonly (readonly string[])[], rich: boolean): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const pad = (cells: readonly string[]): string[] =>
    cells.map((cell, index) => (index === cells.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)));
  return [
    dim(pad(columns.map((column) => column.toUpperCase())).join('  '), rich),
    ...rows.map((row) =>
      pad(row)
        .map((cell) => colored(cell, rich))
        .join('  '),
    ),
  ].join('\n');
}

const COLORS = {
  green: /^(running|completed|succeeded|finished)\s*$/,
  yellow: /^(transitioning|pending|started|starting|terminating)\s*$/,
  red: /^failed\s*$/,
} as const;

function colored(text: string, rich: boolean): string {
  if (!rich) return text;
  for (const [color, pattern] of Object.entries(COLORS)) {
    if (pattern.test(text)) return styleText(color as keyof typeof COLORS, text); // Keys of the literal above.
  }
  return text;
}

function dim(text: string, rich: boolean): string {
  return rich ? styleText('dim', text) : text;
}
