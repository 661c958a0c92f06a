import { setTimeout as sleep } from 'node:timers/promises';
import type { Weather } from '../provider/treatment.ts';
import type { Fault } from './fault.ts';

/** The provider knows by itself what it did to each request: nothing else is excused. */
function badWeather(name: Weather['name']): Fault {
  return {
    name: `provider ${name}`,
    replaces: 'nothing',
    besideOthers: true,
    async strike(run, random) {
      const { provider, journal } = run;
      const window = journal.openWindow(`provider ${name}`);
      provider.use({ name, share: random.pick([0.3, 0.6, 1]) });
      await sleep(random.between(1500, 4000) * run.pace);
      provider.use({ name: 'fine', share: 0 });
      window.endedMs = journal.nowMs();
    },
  };
}

export const PROVIDER_REFUSES = badWeather('refusing');
export const PROVIDER_CUTS = badWeather('cutting');
export const PROVIDER_STALLS = badWeather('stalling');
