import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { labelMarks, WHOLE_STEPS } from './chart-axis.ts';
import './chart.css';
import { TableHead } from './table-head.tsx';

interface ChartLine {
  readonly label: string;
  /** One value for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Variable of its color, such as `--chart-1`. */
  readonly color: `--${string}`;
}

export interface ChartProps {
  readonly title: string;
  /** A sentence that says what the chart shows, for those who do not see it. */
  readonly summary: string;
  /** Unix milliseconds. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  format(value: number): string;
}

const HEIGHT = 120;

/** Shows values over time, in lines or as a table. */
export function Chart({ title, summary, times, lines, format }: ChartProps) {
  const [isTable, setTable] = useState(false);
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <strong>{title}</strong>
        <button
          type="button"
          class="button quiet"
          aria-pressed={isTable}
          aria-label={`${title} as a table`}
          onClick={() => setTable(!isTable)}
        >
          Table
        </button>
      </figcaption>
      <p class="muted">{summary}</p>
      {isTable ? (
        <ChartTable title={title} times={times} lines={lines} format={format} />
      ) : (
        <>
          <Plot summary={`${title}: ${summary}`} times={times} lines={lines} format={format} />
          <ul class="chart-key">
            {lines.map(({ label, color }) => (
              <li key={label}>
                <span class="chart-swatch" style={{ background: `var(${color})` }} />
                {label}
              </li>
            ))}
          </ul>
        </>
      )}
    </figure>
  );
}

function Plot({ summary, times, lines, format }: Omit<ChartProps, 'title'>) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const isDark = useDarkLook();
  const data = toData(times, lines);
  const latest = useRef({ data, lines, format });
  latest.current = { data, lines, format };
  const names = lines.map(({ label }) => label).join();
  useEffect(() => {
    const stop = new AbortController();
    const element = place.current!;
    void import('uplot').then(({ default: UPlot }) => {
      if (stop.signal.aborted) return;
      const { current } = latest;
      const made = new UPlot(optionsOf(element, current.lines, current.format), current.data, element);
      plot.current = made;
      const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
      observer.observe(element);
      stop.signal.addEventListener('abort', () => {
        observer.disconnect();
        made.destroy();
        plot.current = undefined;
      });
    });
    return () => stop.abort();
  }, [isDark, names]);
  useEffect(() => plot.current?.setData(data));
  return <div ref={place} class="chart-plot" role="img" aria-label={summary} />;
}

function toData(times: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [times.map((time) => time / 1000), ...lines.map(({ values }) => [...values])];
}

function optionsOf(
  element: HTMLElement,
  lines: readonly ChartLine[],
  format: ChartProps['format'],
): uPlot.Options {
  const style = getComputedStyle(element);
  const colorOf = (name: string) => resolveColor(element, name);
  const axis = {
    stroke: colorOf('--muted'),
    font: `11px ${style.fontFamily}`,
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, (most ?? 1) * 1.1)] } },
    series: [
      {},
      ...lines.map(({ label, color }) => ({
        label,
        stroke: colorOf(color),
        width: 1.5,
        points: { size: 4, fill: colorOf(color), filter: findLonePoints },
      })),
    ],
    axes: [
      { ...axis, size: 24, space: 60, values: (_plot, seconds) => seconds.map(formatHour) },
      {
        ...axis,
        size: 52,
        space: 28,
        incrs: WHOLE_STEPS,
        values: ({ data }, marks) => labelMarks(marks, data.slice(1), format),
      },
    ],
  };
}

/** Returns the places of values without neighbors, which no line leads to. */
function findLonePoints({ data }: uPlot, series: number): number[] {
  const values = data[series] ?? [];
  const isGap = (index: number) => (values[index] ?? null) === null;
  return [...values.keys()].filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

/** Returns the color of a variable in the current look, in a form that a canvas understands. */
function resolveColor(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

function useDarkLook(): boolean {
  const [isDark, setDark] = useState(DARK.matches);
  useEffect(() => {
    const read = () => setDark(DARK.matches);
    DARK.addEventListener('change', read);
    return () => DARK.removeEventListener('change', read);
  }, []);
  return isDark;
}

const HOUR = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function formatHour(seconds: number): string {
  return HOUR.format(seconds * 1000);
}

/** Shows the times at which there was something, the latest first. */
function ChartTable({ title, times, lines, format }: Omit<ChartProps, 'summary'>) {
  const places = times
    .flatMap((_, place) => (lines.some(({ values }) => values[place]) ? [place] : []))
    .toReversed();
  if (places.length === 0) return <p>Nothing yet.</p>;
  return (
    <div class="table-scroll chart-table" tabIndex={0} role="region" aria-label={`${title}, table`}>
      <table>
        <TableHead titles={['Time', ...lines.map(({ label }) => label)]} />
        <tbody>
          {places.map((place) => (
            <tr key={times[place]}>
              <th scope="row">{formatHour(times[place]! / 1000)}</th>
              {lines.map(({ label, values }) => (
                <td key={label}>{values[place] == null ? '–' : format(values[place])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
