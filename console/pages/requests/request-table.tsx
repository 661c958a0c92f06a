import type { RequestRow } from '../../../src/console/contract/requests.ts';
import { goTo } from '../../app/route.ts';
import { formatShort } from '../../format/format-number.ts';
import { formatClock, formatDuration } from '../../format/format-time.ts';
import { Outcome } from './outcome.tsx';
import { RequestDetail } from './request-detail.tsx';

interface RequestTableProps {
  readonly requests: readonly RequestRow[];
  /** Number of the request that is open; '' if none is. */
  readonly opened: string;
}

const COLUMNS = ['Time', 'Request', 'Result', 'Model', 'Key', 'Client', 'First token', 'Total', 'Tokens'];

/** Lists requests, the latest first. Each opens to what is known of it. */
export function RequestTable({ requests, opened }: RequestTableProps) {
  return (
    <div class="table-scroll requests-scroll" tabIndex={0} role="region" aria-label="Requests">
      <table class="requests-table">
        <thead>
          <tr>
            {COLUMNS.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {requests.map((row) => (
            <Row key={row.number} row={row} isOpen={String(row.number) === opened} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, isOpen }: { readonly row: RequestRow; readonly isOpen: boolean }) {
  const { number, time, method, path, model, key, client, first_ms: first, total_ms: total, tokens } = row;
  return (
    <>
      <tr class={isOpen ? 'requests-row open' : 'requests-row'}>
        <td>
          <button
            type="button"
            class="requests-open"
            aria-expanded={isOpen}
            aria-label={`${formatClock(time)}, ${method} ${path}`}
            onClick={() => goTo('requests', isOpen ? '' : String(number))}
          >
            {formatClock(time)}
          </button>
        </td>
        <td class="requests-path" title={path}>
          {method === '' ? <span class="muted">could not be read</span> : `${method} ${path}`}
        </td>
        <td>
          <Outcome row={row} />
        </td>
        <td>{model}</td>
        <td>{key}</td>
        <td>{client}</td>
        <td class="requests-number">{first !== null && formatDuration(first)}</td>
        <td class="requests-number">{total !== null && formatDuration(total)}</td>
        <td class="requests-number">
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
