import { useState } from 'preact/hooks';
import type { TrafficPoint } from '../../../src/console/contract/traffic.ts';
import { formatCount, formatCounted, formatShort } from '../../format/format-number.ts';
import { formatDuration } from '../../format/format-time.ts';
import { Chart, type ChartProps } from '../../parts/chart.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { fillSteps, mostOf, sumOf } from './traffic.ts';
import { useTraffic } from './use-traffic.ts';

type Range = 'hour' | 'day';

const RANGES: readonly { readonly id: Range; readonly title: string }[] = [
  { id: 'hour', title: 'Last hour' },
  { id: 'day', title: 'Last day' },
];

/** Shows what was asked in the last hour or day. */
export function Charts() {
  const { traffic, problem, now } = useTraffic();
  const [range, setRange] = useState<Range>('hour');
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (traffic === undefined) return <p class="muted">Loading…</p>;
  const points = fillSteps(traffic[range], now);
  return (
    <section aria-label="Traffic">
      <h2>Traffic</h2>
      <Tabs label="Time" tabs={RANGES} current={range} onChange={(id: Range) => setRange(id)}>
        <div class="cards overview-charts">
          {chartsOf(points).map((chart) => (
            <div key={chart.title} class="card">
              <Chart {...chart} />
            </div>
          ))}
        </div>
      </Tabs>
    </section>
  );
}

function chartsOf(points: readonly TrafficPoint[]): ChartProps[] {
  const times = points.map(({ at }) => at);
  const valuesOf = (read: (point: TrafficPoint) => number | null) => points.map(read);
  const requests = sumOf(points, (point) => point.requests);
  const errors = sumOf(points, (point) => point.errors);
  const latest = points.findLast((point) => point.first_token !== null)?.first_token;
  const input = sumOf(points, (point) => point.input_tokens);
  const output = sumOf(points, (point) => point.output_tokens);
  const half = valuesOf((point) => point.first_token?.p50_ms ?? null);
  const most = valuesOf((point) => point.first_token?.p95_ms ?? null);
  return [
    {
      title: 'Requests',
      summary: `${formatCounted(requests, 'request')}, ${formatCounted(errors, 'error')}`,
      times,
      format: formatShort,
      lines: [
        { label: 'Requests', color: '--chart-1', values: valuesOf((point) => point.requests) },
        { label: 'Errors', color: '--chart-4', values: valuesOf((point) => point.errors) },
      ],
    },
    {
      title: 'First token',
      summary: latest
        ? `lately ${formatDuration(latest.p50_ms)} for half of the answers, ${formatDuration(latest.p95_ms)} for 95 %`
        : 'no answer yet',
      times,
      format: formatDuration,
      lines: [
        { label: 'Half of the answers (p50)', color: '--chart-1', values: half },
        { label: '95 % of them (p95)', color: '--chart-2', values: most },
      ],
    },
    {
      title: 'Tokens',
      summary: `${formatCount(input)} in, ${formatCount(output)} out`,
      times,
      format: formatShort,
      lines: [
        { label: 'Input', color: '--chart-3', values: valuesOf((point) => point.input_tokens) },
        { label: 'Output', color: '--chart-2', values: valuesOf((point) => point.output_tokens) },
      ],
    },
    {
      title: 'Turns at once',
      summary: `at most ${mostOf(points, (point) => point.running)} running, ${mostOf(points, (point) => point.waiting)} waiting`,
      times,
      format: formatShort,
      lines: [
        { label: 'Running', color: '--chart-1', values: valuesOf((point) => point.running) },
        { label: 'Waiting', color: '--chart-2', values: valuesOf((point) => point.waiting) },
      ],
    },
  ];
}
