import { useEffect, useMemo } from 'preact/hooks';
import type { AuditPage } from '../../../../src/console/contract/tools.ts';
import { connection, onEvent } from '../../../api/events.ts';
import { useLoaded, type Loaded } from '../../../parts/use-loaded.ts';
import { auditPath, type AuditFilter } from './audit-filter.ts';

/** Milliseconds between two looks while many calls are made. */
const PAUSE_MS = 500;

/** Loads the calls that match, and again when another one was made. */
export function useAudit(filter: AuditFilter, limit: number): Loaded<AuditPage> {
  const path = useMemo(() => auditPath(filter, limit, Date.now()), [filter, limit]);
  const loaded = useLoaded<AuditPage>(path);
  const { reload } = loaded;
  const isConnected = connection.value === 'open';
  // Calls that were made between the first look and the first event are in neither.
  useEffect(() => {
    if (isConnected) void reload();
  }, [isConnected, reload]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      void reload();
    };
    const stop = onEvent('changed', ({ area }) => {
      if (area === 'tools') timer ??= setTimeout(look, PAUSE_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [reload]);
  return loaded;
}
