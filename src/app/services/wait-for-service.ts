import { sleep } from '../../base/async/sleep.ts';
import { identifyProcess } from '../../service/process/process-identity.ts';
import { launchPatienceMs, waitUntilReady, type LaunchReadiness } from '../background/wait-until-ready.ts';
import type { Settings } from '../config/config.ts';
import type { ServiceContext } from './install-service.ts';

const INTERVAL_MS = 200;

/** Waits until the gateway of a service is ready, until nothing but a person can make it so, or until it has ended. */
export async function waitForService(
  { manager, signal }: ServiceContext,
  settings: Settings,
): Promise<LaunchReadiness> {
  const end = performance.now() + manager.settleMs;
  for (;;) {
    const { pid } = await manager.inspect();
    if (pid !== undefined) {
      return await waitUntilReady({
        stateDirectory: settings.stateDirectory,
        identity: identifyProcess(pid),
        patienceMs: launchPatienceMs(settings),
        signal,
      });
    }
    if (performance.now() >= end) return { state: 'ended' };
    await sleep(INTERVAL_MS, signal);
  }
}
