import type { Log } from '../../base/log.ts';
import { createPrivateHome, type PrivateHome, type PrivateHomeOptions } from './private-home.ts';

/** A private home that can be made again after someone has removed it. */
export interface LastingHome extends Pick<PrivateHome, 'isGone' | 'remove'> {
  /** Resolves to the home, or to a new one if that is gone: for a child that starts, with no other one in it. */
  ensure(): Promise<PrivateHome>;
}

/** Rejects with a `StartupError` when the home cannot be made. */
export async function createLastingHome(options: PrivateHomeOptions, log: Log): Promise<LastingHome> {
  let home = await createPrivateHome(options);
  return {
    async ensure() {
      if (await home.isGone()) {
        await home.remove();
        home = await createPrivateHome(options);
        reportLostHome(log);
      }
      return home;
    },
    isGone: async () => await home.isGone(),
    remove: async () => await home.remove(),
  };
}

/** Logs that a home was removed, which ends nothing that runs. */
export function reportLostHome(log: Log): void {
  log.error(
    "the state folder was removed, or Codex's home in it: starting an app-server in a new one; " +
      'restart the gateway so that other commands find it again',
  );
}
