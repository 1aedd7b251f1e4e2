import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentMetrics } from '#contract/resources/metrics.ts';
import { useHistory } from '../api/metrics-history.ts';
import { ageText, durationText } from '../ui/duration-text.ts';
import { Figures, type FigureCell } from '../ui/Figures.tsx';
import { countText, rateText, UNKNOWN } from '../ui/number-text.ts';
import { Sparkline } from '../ui/Sparkline.tsx';
import { useNow } from '../ui/use-now.ts';
import { watermarkLag } from './watermark-lag.ts';

/** After this long without a new reading, figures are no longer of now. */
const STALE_MS = 8000;

interface DeploymentFiguresProps {
  readonly deployment: Deployment;
  readonly metrics: DeploymentMetrics | undefined;
  readonly readAt: number;
}

/** The row of figures that tells how a deployment does. */
export function DeploymentFigures({ deployment, metrics, readAt }: DeploymentFiguresProps) {
  const now = useNow();
  const past = useHistory(deployment.name, metrics);
  const history = metrics === undefined ? [] : past;
  const ageMs = metrics === undefined ? 0 : now - readAt;
  const stale = ageMs > STALE_MS || metrics?.unreachable != null;
  const cells = [
    {
      label: 'Records in',
      ...rateFigure(metrics?.recordsInPerSecond),
      note: (
        <Sparkline
          values={history.map((point) => point.recordsIn)}
          label="Records in over the last minutes"
        />
      ),
    },
    {
      label: 'Records out',
      ...rateFigure(metrics?.recordsOutPerSecond),
      note: (
        <Sparkline
          values={history.map((point) => point.recordsOut)}
          label="Records out over the last minutes"
        />
      ),
    },
    lagCell(metrics, now),
    checkpointCell(metrics, now),
    restartsCell(metrics),
    { label: 'Late records', ...countFigure(metrics?.lateRecords, 'after their window') },
    undecodableCell(metrics),
  ];
  return (
    <div>
      <Figures label="Live figures" cells={cells} stale={stale} />
      {metrics?.unreachable == null ? null : <p className="stale-note">{metrics.unreachable}</p>}
      {metrics !== undefined && ageMs > STALE_MS ? (
        <p className="stale-note">These figures are {ageText(ageMs)} old.</p>
      ) : null}
    </div>
  );
}

function rateFigure(rate: number | null | undefined): Pick<FigureCell, 'value' | 'unit'> {
  const value = rateText(rate);
  return value === UNKNOWN ? { value } : { value, unit: '/s' };
}

function countFigure(count: number | null | undefined, note: string): Pick<FigureCell, 'value' | 'note'> {
  const value = countText(count);
  return value === UNKNOWN ? { value } : { value, note };
}

function restartsCell(metrics: DeploymentMetrics | undefined): FigureCell {
  const restarts = metrics?.restarts ?? null;
  return {
    label: 'Restarts',
    ...countFigure(restarts, 'of this job'),
    ...(restarts !== null && restarts > 0 ? { tone: 'warning' as const } : {}),
  };
}

function lagCell(metrics: DeploymentMetrics | undefined, now: number): FigureCell {
  const lag = watermarkLag(metrics?.watermark, now);
  return {
    label: 'Watermark',
    value: lag.amount,
    ...(lag.amount === UNKNOWN ? {} : { unit: `${lag.unit} behind`, note: 'event time' }),
    ...(lag.tone === undefined ? {} : { tone: lag.tone }),
  };
}

function checkpointCell(metrics: DeploymentMetrics | undefined, now: number): FigureCell {
  const last = metrics?.lastCheckpoint;
  if (last === undefined || last === null) return { label: 'Last checkpoint', value: UNKNOWN };
  return {
    label: 'Last checkpoint',
    value: ageText(now - Date.parse(last.triggeredAt)),
    unit: 'ago',
    note: `took ${durationText(last.durationMs)}`,
    ...(last.state === 'failed' ? { tone: 'error' as const } : {}),
  };
}

function undecodableCell(metrics: DeploymentMetrics | undefined): FigureCell {
  const count = metrics?.undecodableRecords ?? null;
  return {
    label: 'Undecodable',
    ...countFigure(count, 'records kept aside'),
    ...(count !== null && count > 0
      ? { tone: 'warning' as const, note: <a href="#undecodable-records">show the latest</a> }
      : {}),
  };
}
