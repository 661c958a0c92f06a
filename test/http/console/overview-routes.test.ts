import { createParser } from 'eventsource-parser';
import { expect, it, onTestFinished } from 'vitest';
import { checksSchema } from '../../../src/console/contract/checks.ts';
import { overviewSchema, type Overview } from '../../../src/console/contract/overview.ts';
import { trafficSchema, type TrafficChange } from '../../../src/console/contract/traffic.ts';
import { startCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import type { TestGateway } from '../../support/gateway.ts';

/** Follows the stream of events; returns a function that waits for the next event that fits. */
async function followEvents({ fetch }: TestGateway) {
  const response = await fetch('/console/events');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const events: { event: string | undefined; data: unknown }[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => void events.push({ event, data: JSON.parse(data) as unknown }),
  });
  const read = async () => {
    const { done, value } = await reader.read();
    if (!done) parser.feed(value);
    return done;
  };
  return {
    async find<T>(name: string, fits: (data: T) => boolean): Promise<T> {
      for (;;) {
        const found = events.find(({ event, data }) => event === name && fits(data as T));
        if (found) return found.data as T;
        if (await read()) throw new Error(`The stream has ended before ${name}.`);
      }
    },
    async untilEnd() {
      while (!(await read()));
    },
  };
}

it('a request is heard of in the stream once it has ended, and a stop does not wait for those who look', async () => {
  const gateway = await startCopilotGateway({
    isSignedIn: false,
    environment: { GH_COPILOT_TOKEN: 'ghu_token-of-this-suite' },
  });
  onTestFinished(() => gateway.close());
  const events = await followEvents(gateway);
  await gateway.post({ model: 'gpt-5.6-sol', messages: [{ role: 'user', content: 'hello' }] });

  const isCounted = ({ last_hour: hour }: Overview) => hour.requests === 1;
  const overview = await events.find<Overview>('overview', isCounted);
  expect(overviewSchema.strict().parse(overview)).toEqual(overview);
  const change = await events.find<TrafficChange>('traffic', ({ hour }) =>
    hour.some(({ requests }) => requests === 1),
  );
  expect(change.hour.at(-1)).toMatchObject({ errors: 0, running: 1 });

  const traffic = trafficSchema.strict().parse(await (await gateway.fetch('/console/traffic')).json());
  expect(traffic.hour.points).toEqual(expect.arrayContaining([...change.hour]));
  expect(traffic.day).toMatchObject({ step_ms: 300_000, steps: 288 });
  // The request can have begun in the step before.
  for (const { points } of [traffic.hour, traffic.day]) {
    expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
    expect(points.some(({ first_token: times }) => times !== null)).toBe(true);
  }
  expect(await (await gateway.fetch('/console/overview')).json()).toMatchObject({
    last_hour: { requests: 1 },
  });

  const known = await events.find<Overview>('overview', (state) => state.copilot_account !== null);
  expect(overviewSchema.strict().parse(known).copilot_account).toMatchObject({
    user: 'mona',
    plan: 'individual',
    quotas: [
      { name: 'chat', is_unlimited: true },
      { is_unlimited: false, entitlement: 300, remaining: 120, remaining_percent: 40 },
    ],
    resets_on: '2030-01-01',
    problem: null,
  });
  const asked = gateway.github.requests.filter(({ path }) => path === '/copilot_internal/user');
  expect(asked).toHaveLength(1);

  const checks = checksSchema.parse(await (await gateway.fetch('/console/checks')).json());
  expect(checks.findings.filter(({ state }) => state === 'bad')).toEqual([]);
  expect(checks.findings.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([
      'config',
      'Codex',
      'provider',
      'login',
      'network',
      'models',
      'tools',
      'files',
      'disk',
    ]),
  );
  expect(await (await gateway.fetch('/console/checks')).json()).toEqual(checks);

  const patience = new AbortController();
  const closed = gateway.close(patience.signal);
  await events.untilEnd();
  await closed;
});
