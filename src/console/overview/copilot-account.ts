import type { CopilotOverview } from '../contract/overview.ts';

export interface CopilotAccountOptions {
  /** Asks GitHub. */
  ask(signal: AbortSignal): Promise<CopilotOverview>;
  /** Called when GitHub has answered. */
  onAnswer(): void;
}

export interface KnownCopilotAccount {
  /** Returns at once what GitHub said last; null if it has said nothing yet. */
  read(isSignedIn: boolean): CopilotOverview | null;
  /** Ends a question that is under way. */
  stop(): void;
}

/** Milliseconds for which GitHub is not asked again: a quota falls slowly, and GitHub limits how often it is asked. */
const HOLDS_MS = 5 * 60_000;

/** Keeps what GitHub says about an account. It is asked when somebody looks, and nobody waits for it. */
export function keepCopilotAccount({ ask, onAnswer }: CopilotAccountOptions): KnownCopilotAccount {
  const stopping = new AbortController();
  let known: CopilotOverview | null = null;
  let askedAt = -Infinity;
  /** The latest question, unless the account has changed since. */
  let latest: Promise<CopilotOverview> | undefined;

  async function askAgain(): Promise<void> {
    askedAt = performance.now();
    const asked = ask(stopping.signal);
    latest = asked;
    // Earlier figures hold if nothing can be learned.
    const answer = await asked.catch(() => undefined);
    if (answer === undefined || latest !== asked) return;
    known = known !== null && answer.problem !== null ? { ...known, problem: answer.problem } : answer;
    onAnswer();
  }

  return {
    read(isSignedIn) {
      if (!isSignedIn) {
        known = null;
        latest = undefined;
        askedAt = -Infinity;
      } else if (performance.now() - askedAt >= HOLDS_MS) void askAgain();
      return known;
    },
    stop: () => stopping.abort(),
  };
}
