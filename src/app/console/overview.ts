import { NEVER_ABORTED } from '../../base/async/abort.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import type { Overview } from '../../console/contract/overview.ts';
import type { LiveEvents } from '../../console/live/live-events.ts';
import { keepCopilotAccount } from '../../console/overview/copilot-account.ts';
import { feedOverview } from '../../console/overview/overview-feed.ts';
import { SERIES } from '../../console/recording/traffic.ts';
import { createChecks } from './checks.ts';
import { describeCopilotAccount } from './describe-copilot-account.ts';
import type { ConsoleParts } from './console-parts.ts';

/** Opens what the first page shows. */
export function openOverview(
  { parts, options, status }: ConsoleParts,
  live: LiveEvents,
): Pick<ConsoleService, 'overview' | 'traffic' | 'check'> {
  const { recorder, readiness } = parts;
  const { traffic, childEnds, since } = recorder;
  const copilot = keepCopilotAccount({
    ask: async (signal) => describeCopilotAccount(await parts.copilot!.copilot.account(signal)),
    onAnswer: () => feed.refresh(),
  });
  recorder.watch({ onStop: copilot.stop });
  async function read(signal: AbortSignal): Promise<Overview> {
    const [state, unready] = await Promise.all([status(signal), readiness.read()]);
    return {
      ...state,
      copilot_account: copilot.read(state.copilot === 'signed-in'),
      since,
      unready: [...unready],
      child_ends: childEnds.read(),
      has_answered: traffic.read('day').some(({ output_tokens: tokens }) => tokens > 0),
    };
  }
  const seriesOf = (name: keyof typeof SERIES) => {
    const { stepMs, steps } = SERIES[name];
    return { step_ms: stepMs, steps, points: traffic.read(name) };
  };
  const feed = feedOverview({ live, recorder, read: () => read(NEVER_ABORTED) });
  return {
    overview: read,
    traffic: () => ({ now: Date.now(), hour: seriesOf('hour'), day: seriesOf('day') }),
    check: createChecks({ parts, options, status }),
  };
}
