import type { CopilotOverview } from '../../../src/console/contract/overview.ts';
import { LimitBar } from './limit-bar.tsx';

/** Shows what is left of a subscription of GitHub Copilot. */
export function CopilotQuotas({ account }: { readonly account: CopilotOverview }) {
  const { quotas, resets_on: resetsOn, problem } = account;
  const unlimited = quotas.filter((quota) => quota.is_unlimited).map(nameOfQuota);
  const reset = resetsOn === null ? '' : `Resets on ${resetsOn}`;
  return (
    <>
      {problem !== null && <p class="muted overview-no-limits">{problem}</p>}
      {quotas.length > 0 && (
        <ul class="overview-limits">
          {quotas.map((quota) => {
            const { remaining_percent: percent, remaining, entitlement } = quota;
            if (quota.is_unlimited || percent === null) return null;
            const left =
              remaining === null || entitlement === null ? '' : `${remaining} of ${entitlement} left`;
            const note = [left, reset].filter((part) => part !== '').join('. ');
            const name = `Copilot, ${nameOfQuota(quota)}`;
            return <LimitBar key={name} name={name} usedPercent={100 - percent} note={note} />;
          })}
          {unlimited.length > 0 && <li class="muted">Copilot without a limit: {unlimited.join(', ')}</li>}
        </ul>
      )}
    </>
  );
}

function nameOfQuota({ name }: CopilotOverview['quotas'][number]): string {
  return name.replaceAll('_', ' ');
}
