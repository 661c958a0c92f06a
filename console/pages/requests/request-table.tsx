import type { RequestRow } from '../../../src/console/contract/requests.ts';
import { formatShort } from '../../format/format-number.ts';
import { formatClock, formatDuration } from '../../format/format-time.ts';
import { Outcome } from './outcome.tsx';

interface RequestTableProps {
  readonly requests: readonly RequestRow[];
  /** Number of the request that is open; '' if none is. */
  readonly opened: string;
}

const COLUMNS = ['Time', 'Request', 'Model', 'Key', 'Client', 'Result', 'First token', 'Total', 'Tokens'];

/** Lists requests, the latest first. */
export function RequestTable({ requests }: RequestTableProps) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Requests">
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
            <Row key={row.number} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row }: { readonly row: RequestRow }) {
  return (
    <tr>
      <td>{formatClock(row.time)}</td>
      <td>
        <code>
          {row.method} {row.path}
        </code>
      </td>
      <td>{row.model}</td>
      <td>{row.key}</td>
      <td>{row.client}</td>
      <td>
        <Outcome row={row} />
      </td>
      <td>{row.first_ms !== null && formatDuration(row.first_ms)}</td>
      <td>{row.total_ms !== null && formatDuration(row.total_ms)}</td>
      <td>{row.tokens !== null && `${formatShort(row.tokens.input)} → ${formatShort(row.tokens.output)}`}</td>
    </tr>
  );
}
