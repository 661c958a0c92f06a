import type { RequestRow } from '../../../src/console/contract/requests.ts';
import { goTo, route } from '../../app/route.ts';
import { formatShort } from '../../format/format-number.ts';
import { formatClock, formatDuration, formatWhole } from '../../format/format-time.ts';
import { useNow } from '../../parts/use-now.ts';
import { Outcome } from './outcome.tsx';
import { RequestDetail } from './request-detail.tsx';
import { TableHead } from '../../parts/table-head.tsx';

interface RequestTableProps {
  readonly requests: readonly RequestRow[];
  /** Number of the request that is open; '' if none is. */
  readonly opened: string;
}

const COLUMNS = ['Time', 'Request', 'Result', 'Model', 'Key', 'Client', 'First token', 'Total', 'Tokens'];

/** Lists requests, the latest first. Each opens to what is known of it. */
export function RequestTable({ requests, opened }: RequestTableProps) {
  // Times of running requests grow in the page alone.
  const now = useNow(requests.some(({ is_running: isRunning }) => isRunning));
  return (
    <div class="table-scroll requests-scroll" tabIndex={0} role="region" aria-label="Requests">
      <table class="requests-table">
        <colgroup>
          {COLUMNS.map((title) => (
            <col key={title} class={`requests-column-${title.toLowerCase().replace(' ', '-')}`} />
          ))}
        </colgroup>
        <TableHead titles={COLUMNS} />
        <tbody>
          {requests.map((row) => (
            <Row key={row.number} row={row} now={now} isOpen={String(row.number) === opened} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: RequestRow;
  /** Unix milliseconds. */
  readonly now: number;
  readonly isOpen: boolean;
}

function Row({ row, now, isOpen }: RowProps) {
  const { number, time, method, path, key, client, first_ms: first, tokens } = row;
  return (
    <>
      <tr class={isOpen ? 'requests-row open' : 'requests-row'}>
        <td>
          <button
            type="button"
            class="requests-open"
            aria-expanded={isOpen}
            aria-label={`${formatClock(time)}, ${method} ${path}`}
            onClick={() => goTo('requests', isOpen ? '' : String(number), route.value.query)}
          >
            {formatClock(time)}
          </button>
        </td>
        <td class="requests-path" title={path}>
          {method === '' ? <span class="muted">could not be read</span> : `${method} ${path}`}
        </td>
        <td class="requests-result">
          <Outcome row={row} />
        </td>
        <td class="requests-model">
          <ModelNames row={row} />
        </td>
        <td title={key ?? ''}>{key}</td>
        <td title={client ?? ''}>{client}</td>
        <td class="requests-first">{first !== null && formatDuration(first)}</td>
        <td class="requests-total">
          <TotalTime row={row} now={now} />
        </td>
        <td class="requests-tokens">
          {tokens !== null && `${formatShort(tokens.input)} → ${formatShort(tokens.output)}`}
        </td>
      </tr>
      {isOpen && (
        <tr class="requests-detail">
          <td colSpan={COLUMNS.length}>
            <div>
              <RequestDetail number={number} row={row} />
            </div>
          </td>
        </tr>
      )}
    </>
  );
}

/** Shows the model, and below it the name under which the client has asked for it, if that is another one. */
function ModelNames({ row: { model, asked_model: asked } }: { readonly row: RequestRow }) {
  const title =
    asked === null || asked === model ? (model ?? '') : `${model ?? 'none'}, asked for as ${asked}`;
  return (
    <span title={title}>
      {model}
      {asked !== null && asked !== model && <small class="requests-asked">{asked}</small>}
    </span>
  );
}

/** Shows how long a request took, or has taken until now. */
function TotalTime({ row, now }: Pick<RowProps, 'row' | 'now'>) {
  const { is_running: isRunning, time, total_ms: total } = row;
  if (total !== null) return <>{formatDuration(total)}</>;
  return isRunning ? <span class="muted">{formatWhole(now - time)}</span> : null;
}
