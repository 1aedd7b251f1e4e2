import type { ReactNode } from 'react';

export interface FigureCell {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: ReactNode;
  /** A line below: the window of time, the age. */
  readonly note?: ReactNode;
  readonly tone?: 'warning' | 'error';
}

interface FiguresProps {
  readonly label: string;
  readonly cells: readonly FigureCell[];
  /** Greys the row: what it shows was true once. */
  readonly stale?: boolean;
}

/** The row of large figures above a page's details. */
export function Figures({ label, cells, stale = false }: FiguresProps) {
  return (
    <dl className={stale ? 'figures stale' : 'figures'} aria-label={label}>
      {cells.map((cell) => (
        <div key={cell.label} className={cell.tone === undefined ? 'figure' : `figure ${cell.tone}`}>
          <dt>{cell.label}</dt>
          <dd>
            <strong>{cell.value}</strong> {cell.unit === undefined ? null : <small>{cell.unit}</small>}
            {cell.note === undefined ? null : <div className="figure-note">{cell.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
