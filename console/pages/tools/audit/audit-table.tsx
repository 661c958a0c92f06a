import type { AuditedCall } from '../../../../src/console/contract/tools.ts';
import { formatDuration, formatExact } from '../../../format/format-time.ts';
import { Badge } from '../../../parts/badge.tsx';
import { TableHead } from '../../../parts/table-head.tsx';

const COLUMNS = ['Time', 'Tool', 'Outcome', 'Took', 'Key', 'Assistant', 'Arguments'];

/** Shows calls of tools, the latest first. */
export function AuditTable({ calls }: { readonly calls: readonly AuditedCall[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Calls">
      <table class="tools-audit">
        <TableHead titles={COLUMNS} />
        <tbody>
          {calls.map((call) => (
            <Row key={call.number} call={call} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ call }: { readonly call: AuditedCall }) {
  return (
    <tr>
      <td class="tools-plain">{formatExact(call.time)}</td>
      <td class="tools-plain">{call.tool}</td>
      <td class="tools-plain">
        <Badge kind={call.outcome === 'ok' ? 'good' : 'bad'}>{call.outcome}</Badge>{' '}
        {call.dry_run && <Badge>dry run</Badge>}
      </td>
      <td class="tools-plain">{formatDuration(call.ms)}</td>
      <td>{call.key}</td>
      <td>{call.assistant}</td>
      <td>
        <details>
          <summary>{summarize(call.arguments)}</summary>
          <pre class="tools-text" tabIndex={0} aria-label="arguments">
            {JSON.stringify(call.arguments, undefined, 2)}
          </pre>
          <small class="muted">Request {call.request_id}</small>
        </details>
      </td>
    </tr>
  );
}

const MAX_SUMMARY = 60;

function summarize(given: AuditedCall['arguments']): string {
  const text = JSON.stringify(given);
  return text.length > MAX_SUMMARY ? `${text.slice(0, MAX_SUMMARY)}…` : text;
}
