import { median, quantile } from './statistics.ts';

/** A measured quantity: the values of each round, on one side or on both. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly gateway: readonly (readonly number[])[];
  readonly bare?: readonly (readonly number[])[];
  /** Share below which the compared value of a round lies: 0.5 for the median, which is the default. */
  readonly share?: number;
  readonly target?: Target;
}

/** A limit of the ratio, or of the gateway's own value. */
export interface Target {
  readonly of: 'ratio' | 'value';
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Returns the median of the ratios of neighbouring rounds, which the load of the machine hits alike. */
function ratioOf({ gateway, bare, share = 0.5 }: Figure): number | undefined {
  if (bare === undefined) return undefined;
  return median(gateway.map((values, round) => quantile(values, share) / quantile(bare[round]!, share)));
}

export function holds(figure: Figure): boolean | undefined {
  const { target, gateway, share = 0.5 } = figure;
  if (target === undefined) return undefined;
  const value = target.of === 'ratio' ? ratioOf(figure)! : quantile(gateway.flat(), share);
  return value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
}

/** Returns one line: median and p99 of both sides, the ratio, and the target. */
export function formatFigure(figure: Figure): string {
  const { name, unit, gateway, bare } = figure;
  const ratio = ratioOf(figure);
  return [
    name.padEnd(50),
    `gateway ${formatValues(gateway.flat(), unit)}`.padEnd(36),
    (bare === undefined ? '' : `bare ${formatValues(bare.flat(), unit)}`).padEnd(34),
    (ratio === undefined ? '' : `ratio ${ratio.toFixed(2)}`).padEnd(11),
    formatTarget(figure),
  ]
    .join(' ')
    .trimEnd();
}

function formatTarget(figure: Figure): string {
  const { target } = figure;
  if (target === undefined) return '';
  const { of, atMost, atLeast } = target;
  const limit = atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`;
  return `${of === 'ratio' ? `${limit} ×` : limit}: ${holds(figure) ? 'holds' : 'MISSED'}`;
}

function formatValues(values: readonly number[], unit: string): string {
  const middle = `${formatNumber(median(values))} ${unit}`;
  return values.length === 1 ? middle : `${middle} (p99 ${formatNumber(quantile(values, 0.99))})`;
}

function formatNumber(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
