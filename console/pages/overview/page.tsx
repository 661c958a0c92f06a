import { useEffect } from 'preact/hooks';
import type { Overview } from '../../../src/console/contract/overview.ts';
import { onEvent } from '../../api/events.ts';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';

/** Shows if the gateway is up, who it is signed in as, and what is left of the limits. */
export function Page() {
  const { value: overview, problem, set } = useLoaded<Overview>('console/overview');
  useEffect(() => onEvent('overview', set), [set]);
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (overview === undefined) return <p class="muted">Loading…</p>;
  const { version, codex, account, model, turns, last_hour: hour } = overview;
  return (
    <dl class="facts">
      <dt>Gateway</dt>
      <dd>{version}</dd>
      <dt>Codex</dt>
      <dd>{codex}</dd>
      <dt>Account</dt>
      <dd>{account ?? 'none'}</dd>
      <dt>Default model</dt>
      <dd>{model}</dd>
      <dt>Turns</dt>
      <dd>
        {turns.running} running, {turns.waiting} waiting
      </dd>
      <dt>Last hour</dt>
      <dd>
        {hour.requests} requests, {hour.errors} errors
      </dd>
    </dl>
  );
}
