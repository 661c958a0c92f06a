import type { CopilotRoutesOptions } from '../../http/copilot/copilot-routes.ts';
import { openChildListener, type ChildListener } from './child-listener.ts';
import { createKeptFailures } from './kept-failures.ts';

/** GitHub Copilot as the provider of agent sessions, behind a port of its own that opens when it is first used. */
export interface CopilotProvider {
  /** Resolves to the way to it; undefined if nobody is signed in. */
  find(): Promise<{ readonly baseUrl: string; readonly key: string } | undefined>;
  close(): Promise<void>;
}

export function createCopilotProvider(
  copilot: Pick<CopilotRoutesOptions, 'copilot' | 'stallLimitMs'> | undefined,
  command: string,
): CopilotProvider {
  const failures = createKeptFailures();
  let opening: Promise<ChildListener> | undefined;
  return {
    async find() {
      if (copilot === undefined || !(await copilot.copilot.isSignedIn())) return undefined;
      const { stallLimitMs, copilot: adapter } = copilot;
      const { baseUrl, secret } = await (opening ??= openChildListener({
        adapter,
        failures,
        command,
        stallLimitMs,
      }));
      return { baseUrl, key: secret };
    },
    close: async () => await (await opening)?.close(),
  };
}
