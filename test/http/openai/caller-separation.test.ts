import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/app/config/config.ts';
import { SILENT } from '../../../src/app/log/observer.ts';
import { openState, type GatewayState } from '../../../src/app/state/open-state.ts';
import type { Asker, Gateway } from '../../../src/gateway/gateway.ts';
import { batchAnswers } from '../../support/answer-batches.ts';
import { fixedTokens } from '../../support/fixed-tokens.ts';
import {
  serveScripted,
  saying,
  waiting,
  type Saying,
  type ServedGateway,
} from '../../support/socket-gateway.ts';

// Three tokens of one gateway. The second and third have the same name: the third is what a person gets who is given a token
// of that name after the other one was revoked.
const TOKENS = fixedTokens({
  'main-token': { name: 'main', id: 'main' },
  'guest-token': { name: 'guest', id: 'id-of-guest' },
  'later-token': { name: 'guest', id: 'id-of-later-guest' },
});
const OWNERS: [token: string, caller: string][] = [
  ['main-token', 'main'],
  ['guest-token', 'id-of-guest'],
];
const STRANGERS: [owner: string, stranger: string][] = [
  ['main-token', 'guest-token'],
  ['guest-token', 'main-token'],
  ['guest-token', 'later-token'],
];

let state: GatewayState;
let served: ServedGateway;
let say: Saying;
/** The caller of each answer, and what it says of itself. */
const askers: (Asker | undefined)[] = [];

const gateway: Gateway = {
  limits: () => [],
  maxAnswers: 8,
  countTokens: async () => 0,
  reserve: (_, answers) =>
    Array.from({ length: answers }, () => ({ run: async () => {}, answered: () => {}, cancel: () => {} })),
  turns: () => ({ running: 0, waiting: 0 }),
  resolveRequest: async () => ({ ...FACTS }),
  async answer(_request, signal, asker) {
    askers.push(asker);
    return { ...FACTS, events: batchAnswers(say(signal)) };
  },
};
const FACTS = { model: 'one', adjustments: [], serviceTier: 'default', reasoningEffort: null } as const;

beforeAll(async () => {
  const settings = await readSettings({}, { HOME: '/nowhere' });
  const ways = { observer: SILENT, token: 'main-token', isEphemeral: false, demo: true };
  state = await openState({ settings, ...ways });
  served = await serveScripted(saying(''), { gateway, tokens: TOKENS, stateOf: state.callers.of });
});
afterAll(async () => {
  await served.close();
  await state.close();
});
beforeEach(() => {
  askers.length = 0;
  say = saying('Hello.');
});

/** Sends a request with a token, and resolves to the status and the body of its answer. */
async function send(token: string, method: string, path: string, ...[body, headers]: Further) {
  const response = await fetch(`${served.origin}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: (isJson ? JSON.parse(text) : {}) as Body };
}

type Further = [body?: object | undefined, headers?: object];

interface Body {
  readonly id?: string;
  readonly status?: string;
  readonly output?: readonly { readonly id: string }[];
  readonly data?: readonly unknown[];
  readonly error?: { readonly code: string | null; readonly message: string };
}

const ASK = { model: 'one', input: 'hello' };

/** Creates a response and returns it. */
async function create(token: string, further: object = {}, headers = {}) {
  const { status, body } = await send(token, 'POST', '/responses', { ...ASK, ...further }, headers);
  expect({ status, error: body.error }).toMatchObject({ status: 200 });
  return body as Body & { readonly id: string };
}

async function createConversation(token: string): Promise<string> {
  const items = [{ type: 'message', role: 'user', content: 'hello' }];
  return (await send(token, 'POST', '/conversations', { items })).body.id!;
}

describe.each(STRANGERS)('with %s as owner and %s as stranger', (owner, stranger) => {
  it('a stranger can neither read, list, cancel nor delete a response', async () => {
    const { id } = await create(owner);
    const tries = [
      ['GET', `/responses/${id}`],
      ['GET', `/responses/${id}?stream=true`],
      ['GET', `/responses/${id}/input_items`],
      ['POST', `/responses/${id}/cancel`],
      ['DELETE', `/responses/${id}`],
    ] as const;
    for (const [method, path] of tries) expect((await send(stranger, method, path)).status).toBe(404);
    expect((await send(owner, 'GET', `/responses/${id}`)).body.id).toBe(id);
  });

  it('a request of a stranger can neither continue a response or conversation nor refer to an item', async () => {
    const { id, output } = await create(owner);
    const conversation = await createConversation(owner);
    askers.length = 0;
    const tries = [
      [{ previous_response_id: id }, 400],
      [{ input: [{ type: 'item_reference', id: output![0]!.id }] }, 404],
      [{ conversation }, 404],
    ] as const;
    for (const [further, status] of tries) {
      expect((await send(stranger, 'POST', '/responses', { ...ASK, ...further })).status).toBe(status);
    }
    for (const [further, status] of tries.slice(0, 2)) {
      const body = { ...ASK, ...further };
      expect((await send(stranger, 'POST', '/responses/compact', body)).status).toBe(status);
    }
    expect(askers).toEqual([]);
  });

  it('a stranger can neither read, change nor delete a conversation', async () => {
    const id = await createConversation(owner);
    const items = [{ type: 'message', role: 'user', content: 'mine' }];
    const tries = [
      ['GET', '', undefined],
      ['POST', '', { metadata: { a: 'b' } }],
      ['GET', '/items', undefined],
      ['POST', '/items', { items }],
      ['DELETE', '', undefined],
    ] as const;
    for (const [method, path, body] of tries)
      expect((await send(stranger, method, `/conversations/${id}${path}`, body)).status).toBe(404);
    const listed = await send(owner, 'GET', `/conversations/${id}/items`);
    expect(listed.body.data).toHaveLength(1);
  });

  it('a stranger can neither follow nor end a response in the background', async () => {
    const gate = Promise.withResolvers<void>();
    say = waiting(gate.promise);
    const { id } = await create(owner, { background: true });
    const tries = [
      ['GET', `/responses/${id}`],
      ['GET', `/responses/${id}?stream=true`],
      ['POST', `/responses/${id}/cancel`],
      ['DELETE', `/responses/${id}`],
    ] as const;
    for (const [method, path] of tries) expect((await send(stranger, method, path)).status).toBe(404);
    expect(state.callers.running()).toBe(1);
    gate.resolve();
    // The stream lasts until the end of the response.
    await send(owner, 'GET', `/responses/${id}?stream=true`);
    expect((await send(owner, 'GET', `/responses/${id}`)).body.status).toBe('completed');
  });

  it('the same key of two callers stands for two requests', async () => {
    const headers = { 'idempotency-key': `key of ${owner} ${stranger}` };
    const mine = await create(owner, {}, headers);
    const other = await create(stranger, {}, headers);
    expect(other.id).not.toBe(mine.id);
    expect(askers).toHaveLength(2);
    // Each still has its own answer.
    expect((await create(owner, {}, headers)).id).toBe(mine.id);
    expect((await create(stranger, {}, headers)).id).toBe(other.id);
    expect(askers).toHaveLength(2);
    const another = { model: 'one', messages: [{ role: 'user', content: 'hello' }] };
    const third = STRANGERS.flat().find((token) => token !== owner && token !== stranger)!;
    expect((await send(third, 'POST', '/chat/completions', another, headers)).status).toBe(200);
  });

  it('the same key of two callers stands for two responses in the background', async () => {
    const headers = { 'idempotency-key': `background ${owner} ${stranger}` };
    const mine = await create(owner, { background: true }, headers);
    const other = await create(stranger, { background: true }, headers);
    expect(other.id).not.toBe(mine.id);
    expect((await create(owner, { background: true }, headers)).id).toBe(mine.id);
    for (const [token, id] of [
      [owner, mine.id],
      [stranger, other.id],
    ] as const)
      await send(token, 'GET', `/responses/${id}?stream=true`);
  });

  it('a WebSocket of a stranger cannot continue a response', async () => {
    const { id } = await create(owner);
    const client = await served.open({ headers: { authorization: `Bearer ${stranger}` } });
    client.send({ type: 'response.create', ...ASK, previous_response_id: id });
    expect(await client.next()).toMatchObject({
      type: 'error',
      error: { code: 'previous_response_not_found' },
    });
    client.socket.terminate();
    const own = await served.open({ headers: { authorization: `Bearer ${owner}` } });
    own.send({ type: 'response.create', ...ASK, previous_response_id: id });
    expect((await own.until('response.completed')).length).toBeGreaterThan(1);
    own.socket.terminate();
  });
});

describe.each(OWNERS)('an answer for %s', (token, caller) => {
  const messages = [{ role: 'user', content: 'hello' }];

  it.each<[path: string, body: object]>([
    ['/chat/completions', { messages }],
    ['/completions', { prompt: ['a', 'b'] }],
    ['/responses', { input: 'hello' }],
    ['/responses/compact', { input: 'hello' }],
  ])('takes its place among those of that token: %s', async (path, body) => {
    expect((await send(token, 'POST', path, { model: 'one', ...body })).status).toBe(200);
    expect(new Set(askers.map((asker) => asker?.caller))).toEqual(new Set([caller]));
  });

  it('takes its place among those of that token: WebSocket', async () => {
    const client = await served.open({ headers: { authorization: `Bearer ${token}` } });
    client.send({ type: 'response.create', ...ASK });
    await client.until('response.completed');
    client.socket.terminate();
    expect(askers).toMatchObject([{ caller }]);
  });

  it('leaves nothing to continue if it is one of several, or a summary', async () => {
    await send(token, 'POST', '/completions', { model: 'one', prompt: 'hello' });
    await send(token, 'POST', '/responses/compact', ASK);
    expect(askers).toMatchObject([{ isSeparate: true }, { isSeparate: true }]);
  });
});

it('a text that was compacted for one token means nothing to another', async () => {
  const { body } = await send('guest-token', 'POST', '/responses/compact', ASK);
  const [, compaction] = body.output as readonly { readonly encrypted_content?: string }[];
  const unsealed = ['id-of-guest', 'main', 'id-of-later-guest'].map((id) =>
    state.callers.of({ id }).sealing.unseal(compaction!.encrypted_content!),
  );
  expect(unsealed).toEqual(['Hello.', undefined, undefined]);
});
