import { setTimeout as sleep } from 'node:timers/promises';
import type { Weather } from '../provider/treatment.ts';
import { askBeside } from './ask-beside.ts';
import type { Fault } from './fault.ts';

/** Most time until the provider has treated a request badly. */
const STRIKE_MS = 60_000;

/** The provider knows by itself what it did to each request: nothing else is excused. */
function badWeather(name: Weather['name']): Fault {
  return {
    name: `provider ${name}`,
    replaces: 'nothing',
    besideOthers: true,
    async strike(run, random) {
      const { provider, journal } = run;
      const window = journal.openWindow(`provider ${name}`);
      const before = provider.harmed();
      const signal = AbortSignal.timeout(STRIKE_MS);
      provider.use({ name, share: random.pick([0.3, 0.6, 1]) });
      await sleep(random.between(1500, 4000) * run.pace);
      while (provider.harmed() === before) {
        askBeside(run, random, ['chat, streamed']);
        await sleep(300, undefined, { signal });
      }
      provider.use({ name: 'fine', share: 0 });
      window.endedMs = journal.nowMs();
    },
  };
}

export const PROVIDER_REFUSES = badWeather('refusing');
export const PROVIDER_CUTS = badWeather('cutting');
export const PROVIDER_STALLS = badWeather('stalling');
