import { startSides, type Sides } from '../sides.ts';
import { compareLevel, LEVELS, type Level } from './turns.ts';
import type { Bench, Scenario } from './scenario.ts';

const ROUND_TRIP_MS = 40;

/** One turn after the other, as people ask: what is prepared for the next one is ready by then. */
const WITH_PAUSES: Level = { concurrency: 1, count: 6, pauseMs: 500, targets: {} };

/** The short answers again, from a provider that is 40 ms away and speaks TLS: over HTTP, and over the WebSocket. */
export const NETWORK: Scenario = {
  name: 'network',
  async run(bench) {
    await compareTransport(bench, 'http');
    await compareTransport(bench, 'websocket');
  },
};

async function compareTransport(bench: Bench, transport: string): Promise<void> {
  const flags = transport === 'http' ? [] : ['--transport', transport];
  const sides: Sides = await startSides({ ...bench.options, roundTripMs: ROUND_TRIP_MS, flags });
  const far = { ...bench, sides: async () => sides };
  try {
    for (const level of [WITH_PAUSES, ...LEVELS]) {
      const isTarget = transport === 'websocket' && level.concurrency === 1;
      const targets = isTarget ? { first: { of: 'ratio', atMost: 0.5 } as const } : {};
      await compareLevel(far, { ...level, targets }, `${ROUND_TRIP_MS} ms away, ${transport}, `);
    }
  } finally {
    await sides.close();
  }
}
