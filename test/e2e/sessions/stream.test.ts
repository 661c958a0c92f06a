import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { act } from '../../support/agent-upstream.ts';
import { followSession, type FollowedSession } from '../../support/follow-session.ts';
import { startTestGateway, TOKEN } from '../../support/gateway.ts';
import { createVisibleFolder, temporaryFolder } from '../../support/temporary-folder.ts';
import {
  sendCompleted,
  sendDelta,
  sendMessageDone,
  startMessage,
  type Script,
} from '../../support/upstream.ts';

const PATIENT = { timeout: 30_000, interval: 20 };

/** Runs a command, then answers in two pieces, the second one when the test says so. */
function workAndSpeak(command: string, may: Promise<void>): Script {
  const work = act([{ command }]);
  let count = 0;
  return async (request, response) => {
    count += 1;
    if (count === 1) {
      await work(request, response);
      return;
    }
    startMessage(response, 'Hel');
    await may;
    sendDelta(response, 'lo');
    sendMessageDone(response, 'Hello');
    sendCompleted(response);
  };
}

function read({ events }: FollowedSession) {
  return events.map(({ data }) => JSON.parse(data));
}

it('a stream that drops in mid-turn is taken up where it was, also by another gateway after a restart', async () => {
  const config = { sessions: { roots: [temporaryFolder(createVisibleFolder)] } };
  const gateway = await startTestGateway({ config });
  onTestFinished(() => gateway.close());
  const answer = Promise.withResolvers<void>();
  gateway.upstream.use(workAndSpeak('yes 123456789 | head -c 1000000', answer.promise));
  const call = async (path: string, json: object) =>
    // oxlint-disable-next-line typescript/no-explicit-any
    (await (await gateway.fetch(path, { method: 'POST', body: JSON.stringify(json) })).json()) as any;
  const { session } = await call('/chat/sessions', { review: 'none' });
  const path = `/chat/sessions/${session.id}`;
  const follow = async (query: string, lastId?: number, origin = gateway.running.origin) =>
    await followSession(`${origin}${path}/stream${query}`, {
      authorization: `Bearer ${TOKEN}`,
      ...(lastId !== undefined && { 'last-event-id': String(lastId) }),
    });

  const snapshots = await follow('');
  const dropped = await follow('?events=delta');
  await call(`${path}/messages`, { message: 'Print a lot, then greet.' });
  await dropped.until('item.agent_message.delta');
  dropped.drop();
  const seen = read(dropped);
  const lastId = seen.at(-1).id;
  answer.resolve();
  await snapshots.until('session.completed');

  const resumed = await follow('?events=delta', lastId);
  await resumed.until('turn.completed');
  await expect.poll(() => read(resumed).at(-1), PATIENT).toMatchObject({ status: 'idle' });
  const rest = read(resumed);
  const all = [...seen, ...rest];
  expect(all.map(({ id }) => id)).toEqual(all.map((_, place) => seen[0].id + place));
  const textOf = (type: string) => all.map((event) => (event.type === type ? event.delta : '')).join('');
  expect(textOf('item.agent_message.delta')).toBe('Hello');
  const output = all.filter(({ type }) => type === 'command.execution.output');
  const leftOut = output.reduce((sum, event) => sum + event.left_out, 0);
  const shown = Buffer.byteLength(textOf('command.execution.output'));
  expect(shown + leftOut).toBeGreaterThanOrEqual(1_000_000);
  expect(shown).toBeLessThan(300_000);
  expect(new Set(all.filter(({ turn_id: id }) => id !== undefined).map(({ turn_id: id }) => id)).size).toBe(
    1,
  );

  const names = snapshots.names().filter((name, index, list) => name !== list[index - 1]);
  expect(names[0]).toBe('session.ready');
  expect(names.at(-1)).toBe('session.completed');
  const places = ['session.running', 'session.event', 'session.message'].map((name) => names.indexOf(name));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places[0]).toBeGreaterThan(0);

  await gateway.running.close(AbortSignal.abort());
  await Promise.all([snapshots.ended, resumed.ended]);
  const next = await startTestGateway({
    config,
    environment: { XDG_STATE_HOME: dirname(gateway.stateDirectory), CODEX_HOME: gateway.codexHome },
  });
  onTestFinished(() => next.close());
  const again = await follow('?events=delta', lastId, next.running.origin);
  await expect.poll(() => again.events.length, PATIENT).toBe(rest.length);
  expect(read(again)).toEqual(rest);
});
