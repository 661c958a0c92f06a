import { useState } from 'preact/hooks';
import type { AuditPage } from '../../../../src/console/contract/tools.ts';
import { Button } from '../../../parts/button.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { ALL_CALLS } from './audit-filter.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditTable } from './audit-table.tsx';
import { useAudit } from './use-audit.ts';

const STEP = 50;
const MAX_SHOWN = 500;

/** Lists the calls of the internal tools; a new one appears by itself. */
export function Audit() {
  const [filter, setFilter] = useState(ALL_CALLS);
  const [limit, setLimit] = useState(STEP);
  const { value: page, problem } = useAudit(filter, limit);
  return (
    <>
      <AuditFilters
        filter={filter}
        tools={page?.tools ?? []}
        keys={page?.keys ?? []}
        onChange={(next) => {
          setFilter(next);
          setLimit(STEP);
        }}
      />
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      {page !== undefined && (
        <Calls page={page} limit={limit} onMore={() => setLimit(Math.min(limit + STEP, MAX_SHOWN))} />
      )}
    </>
  );
}

interface CallsProps {
  readonly page: AuditPage;
  readonly limit: number;
  onMore(): void;
}

function Calls({ page: { calls, has_more: hasMore }, limit, onMore }: CallsProps) {
  return (
    <>
      <p role="status" class="muted">
        {describeCount(calls.length, hasMore)}
      </p>
      {calls.length > 0 && <AuditTable calls={calls} />}
      {hasMore && limit < MAX_SHOWN && (
        <Button kind="quiet" onClick={onMore}>
          Show earlier ones
        </Button>
      )}
    </>
  );
}

function describeCount(count: number, hasMore: boolean): string {
  if (count === 0) return 'No call matches.';
  if (hasMore) return `The latest ${count} calls; codex-gateway tools audit prints all.`;
  return count === 1 ? '1 call.' : `${count} calls.`;
}
