import type { RequestRow } from '../../../src/console/contract/requests.ts';
import { Badge } from '../../parts/badge.tsx';

/** Shows how a request has ended: its status, and in a word why it failed. */
export function Outcome({ row: { is_running: isRunning, status, outcome } }: { readonly row: RequestRow }) {
  if (isRunning) return <Badge>running</Badge>;
  if (outcome === 'ok') return <Badge kind="good">{status ?? 'ok'}</Badge>;
  if (outcome === 'client_gone') return <Badge kind="warning">client left</Badge>;
  return (
    <Badge kind="bad">
      {status} {outcome}
    </Badge>
  );
}
