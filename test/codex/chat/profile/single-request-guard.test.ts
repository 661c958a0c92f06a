import { expect, it } from 'vitest';
import {
  addDeadEnd,
  createSingleRequestGuard,
  type SingleRequestGuard,
} from '../../../../src/codex/chat/profile/single-request-guard.ts';
import type { TurnNotification } from '../../../../src/codex/chat/decode/turn-notifications.ts';
import { createScriptedConnection } from '../../../support/scripted-app-server.ts';

/** A connection to an app-server that answers every request alike, or refuses everything. */
function createConnection(refuses = false, answer: object = {}) {
  const requests: [string, object][] = [];
  const connection = createScriptedConnection((method, params) => {
    requests.push([method, params]);
    if (refuses) throw new Error('unknown');
    return answer;
  });
  return { connection, requests };
}

const listen = (guard: SingleRequestGuard) => (notification: TurnNotification) => guard.hear(notification);

const notify = (method: string, turn: object = {}) =>
  ({ method, params: { threadId: 't', turn: { id: 'u', ...turn } } }) as TurnNotification;
const STARTED = notify('turn/started');
const ANSWERED = notify('rawResponse/completed');
const message = 'Fatal error: Required skill "x" from environment "codex-gateway-dead-end" is unavailable';
const RAN_INTO = notify('turn/completed', { status: 'failed', error: { message } });

it('blocks the second step of each turn and reports the turn that ran into it', () => {
  const { connection, requests } = createConnection();
  const hear = listen(createSingleRequestGuard(connection, 't'));
  expect([STARTED, ANSWERED, RAN_INTO, STARTED, ANSWERED].map(hear)).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(requests.map(([method]) => method)).toEqual(['turn/settings/update', 'turn/settings/update']);
  expect(requests[0]![1]).toMatchObject({ threadId: 't', turnId: 'u' });
});

const itemOf = (turnId: string, type: string, further: object = {}) =>
  ({
    method: 'rawResponseItem/completed',
    params: { threadId: 't', turnId, item: { type, ...further } },
  }) as TurnNotification;

it.each(['function_call', 'custom_tool_call', 'tool_search_call', 'local_shell_call'])(
  'a turn whose answer has a call is not run again: %s',
  (type) => {
    const hear = listen(createSingleRequestGuard(createConnection().connection, 't'));
    const heard = [STARTED, itemOf('u', type), ANSWERED, RAN_INTO].map(hear);
    expect(heard).toEqual([false, false, false, false]);
  },
);

it.each([
  ['a call of the conversation before', itemOf('earlier', 'function_call')],
  ['a search of the provider itself', itemOf('u', 'web_search_call')],
  ['an item without a type', itemOf('u', '', { type: undefined })],
])('a turn that the model wants to go on with is run again after %s', (_what, item) => {
  const hear = listen(createSingleRequestGuard(createConnection().connection, 't'));
  expect([STARTED, item, ANSWERED, RAN_INTO].map(hear)).toEqual([false, false, false, true]);
});

it('is not set again after it blocked the first step of a turn', () => {
  const { connection, requests } = createConnection();
  const hear = listen(createSingleRequestGuard(connection, 't'));
  expect([STARTED, RAN_INTO, STARTED].map(hear)).toEqual([false, true, false]);
  expect(requests).toHaveLength(1);
});

it('is set again as often as it may, after it blocked the first step of a turn', () => {
  const { connection, requests } = createConnection();
  const hear = listen(createSingleRequestGuard(connection, 't', 2));
  const heard = [STARTED, RAN_INTO, STARTED, RAN_INTO, STARTED, RAN_INTO].map(hear);
  expect(heard).toEqual([false, true, false, true, false, false]);
  expect(requests).toHaveLength(2);
});

it('is not blamed when a turn without it fails with the same message', () => {
  const hear = listen(createSingleRequestGuard(createConnection().connection, 't'));
  expect([STARTED, RAN_INTO, STARTED, RAN_INTO].map(hear)).toEqual([false, true, false, false]);
});

const OUTPUT = itemOf('u', 'function_call_output');

/** A turn that waits for the results of two calls, and then goes on; returns the environments that it is moved to. */
async function goOn() {
  const { connection, requests } = createConnection(false, { status: 'applied' });
  const guard = createSingleRequestGuard(connection, 't');
  [STARTED, itemOf('u', 'function_call'), ANSWERED].map(listen(guard));
  const isReleased = await guard.release('u', 2);
  return {
    isReleased,
    hear: listen(guard),
    moves: () => requests.map(([, params]) => (params as { environments: object[] }).environments.length),
  };
}

it('lets a turn go on with the outputs of its calls, and blocks the step after that', async () => {
  const { isReleased, hear, moves } = await goOn();
  expect([isReleased, moves()]).toEqual([true, [1, 0]]);
  expect(hear(OUTPUT)).toBe(false);
  expect(moves()).toEqual([1, 0]);
  expect(hear(OUTPUT)).toBe(false);
  expect(moves()).toEqual([1, 0, 1]);
  expect([ANSWERED, RAN_INTO].map(hear)).toEqual([false, true]);
});

it('runs a turn again that it has blocked too early when it went on', async () => {
  const { hear, moves } = await goOn();
  expect([OUTPUT, OUTPUT, RAN_INTO, STARTED].map(hear)).toEqual([false, false, true, false]);
  expect(moves()).toEqual([1, 0, 1]);
});

it.each([
  ['is over', createConnection(false, { status: 'targetUnavailable' })],
  ['is unknown', createConnection(true)],
])('reports that a turn cannot go on which %s', async (_what, { connection }) => {
  expect(await createSingleRequestGuard(connection, 't').release('u', 1)).toBe(false);
});

it.each([
  [notify('turn/completed', { status: 'completed', error: null })],
  [notify('turn/completed', { status: 'failed', error: { message: 'overloaded' } })],
  [{ method: 'turn/completed', params: {} } as TurnNotification],
])('is not blamed for any other end of a turn: %j', (end) => {
  const hear = listen(createSingleRequestGuard(createConnection().connection, 't'));
  expect([STARTED, end].map(hear)).toEqual([false, false]);
});

it('reports whether the app-server supports it', async () => {
  expect(await addDeadEnd(createConnection().connection)).toBe(true);
  expect(await addDeadEnd(createConnection(true).connection)).toBe(false);
});
