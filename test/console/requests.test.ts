import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { EndedRequest, Observation, ObservationScope } from '../../src/base/observation.ts';
import {
  requestDetailSchema,
  requestQuerySchema,
  requestRowSchema,
  type RequestEvent,
} from '../../src/console/contract/requests.ts';
import { createBodyLog } from '../../src/console/recording/body-log.ts';
import { createConsoleRecorder } from '../../src/console/recording/console-recorder.ts';
import { encodeDetail } from '../../src/console/requests/encode-detail.ts';
import { listRequests } from '../../src/console/requests/list-requests.ts';
import { REMEDIES } from '../../src/console/requests/remedies.ts';
import { sampleRequests } from '../../src/console/requests/sample-requests.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';

const ENDED: EndedRequest = {
  id: 'req_1',
  method: 'POST',
  path: '/v1/responses',
  route: '/v1/responses',
  client: 'openai-python',
  ms: 900,
  ignored: ['seed', 'seed'],
  adjusted: [],
  failure: undefined,
};

function record(count = 1000) {
  const { requests, listen, bodies } = createConsoleRecorder({ requestLog: { count, bodies: true } });
  const begin = (id: string, path = '/v1/responses', method = 'POST') => {
    const scope = { id };
    listen({ type: 'request-begin', id, method, path }, scope);
    return scope;
  };
  const end = (scope: ObservationScope, facts: Partial<EndedRequest> = {}, status = 200) =>
    listen({ type: 'request-end', status, request: { ...ENDED, id: scope.id!, ...facts } }, scope);
  const list = (query: object = {}) => listRequests(requests.latest(), requestQuerySchema.parse(query));
  const ids = (query: object = {}) => list(query).requests.map(({ id }) => id);
  return { log: requests, bodies: bodies!, listen, begin, end, list, ids };
}

const MOMENTS: readonly Observation[] = [
  { type: 'caller-known', key: 'laptop' },
  { type: 'model-known', model: 'gpt-5.5' },
  { type: 'turn-queued', running: 128, waiting: 3 },
  { type: 'turn-admitted', waitedMs: 250 },
  { type: 'first-output', id: 'req_1', model: 'gpt-5.5', ms: 500 },
];

const USAGE = { inputTokens: 10, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 1 };

describe('the log of requests', () => {
  it('has a request from its beginning, with what is known of it at each moment', () => {
    const { log, listen, begin, end, list } = record();
    const scope = begin('req_1');
    expect(list().requests[0]).toMatchObject({ id: 'req_1', is_running: true, key: null, outcome: null });
    for (const moment of MOMENTS) listen(moment, scope);
    expect(list().requests[0]).toMatchObject({ key: 'laptop', model: 'gpt-5.5', first_ms: 500 });
    end(scope, { usage: USAGE, model: 'gpt-5.5', firstMs: 500 });
    const [row] = list().requests;
    expect(requestRowSchema.parse(row)).toEqual({
      number: 0,
      id: 'req_1',
      time: expect.any(Number),
      method: 'POST',
      path: '/v1/responses',
      model: 'gpt-5.5',
      asked_model: null,
      key: 'laptop',
      client: 'openai-python',
      is_running: false,
      status: 200,
      outcome: 'ok',
      first_ms: 500,
      total_ms: 900,
      tokens: { input: 10, cached: 4, output: 5, reasoning: 1, estimated: false },
    });
    const detail = requestDetailSchema.parse(encodeDetail(log.find(0)!));
    expect(detail.steps.map(({ text }) => text)).toEqual([
      'The key laptop was recognized',
      'The model is gpt-5.5',
      'All places were taken: 128 turns running, 3 waiting with this one',
      'Codex began to work, after 250 ms in the queue',
      'The first output came',
    ]);
    expect(detail).toMatchObject({ ignored: ['seed'], error: null });
  });

  it('holds the latest requests alone, also of those that still run', () => {
    const { log, begin, end, ids } = record(2);
    const first = begin('one');
    begin('two');
    begin('three');
    end(first);
    expect(ids()).toEqual(['three', 'two']);
    expect(log.find(0)).toBeUndefined();
  });

  it('leaves out what the console and probes ask, and has what could not be read', () => {
    const { listen, begin, list } = record();
    begin('page', '/console/requests', 'GET');
    begin('look', '/', 'GET');
    begin('probe', '/healthz', 'GET');
    begin('preflight', '/v1/responses', 'OPTIONS');
    begin('typo', '/consoles', 'GET');
    listen({ type: 'request-unreadable', id: 'bad', status: 400, failure: FAILURE }, {});
    expect(list().requests).toMatchObject([
      { id: 'bad', status: 400, outcome: 'invalid_value', is_running: false },
      { id: 'typo' },
    ]);
  });

  it('leaves out what the page asks to show itself, and has what a person does with it, by its client', () => {
    const { listen, list } = record();
    const ask = (id: string, method: string, path: string) =>
      listen({ type: 'request-begin', id, method, path, client: 'console', isOfPage: true }, { id });
    ask('models', 'GET', '/v1/models');
    ask('sessions', 'GET', '/chat/sessions');
    ask('turn', 'POST', '/v1/chat/completions');
    expect(list().requests).toMatchObject([{ id: 'turn', client: 'console', is_running: true }]);
  });

  it('has the model that was asked for, also one that does not exist, and finds it', () => {
    const { listen, begin, end, list, ids } = record();
    const typo = begin('typo');
    listen({ type: 'model-asked', model: 'gpt-5.55' }, typo);
    end(typo, { failure: FAILURE }, 404);
    const alias = begin('alias');
    listen({ type: 'model-asked', model: 'pirate' }, alias);
    listen({ type: 'model-known', model: 'gpt-5.5' }, alias);
    expect(list().requests).toMatchObject([
      { model: 'gpt-5.5', asked_model: 'pirate' },
      { model: null, asked_model: 'gpt-5.55' },
    ]);
    expect(ids({ search: 'gpt-5.55' })).toEqual(['typo']);
    expect(list().models).toEqual(['gpt-5.5']);
  });

  it('is searched by the words that the page shows for a result', () => {
    const { begin, end, ids } = record();
    end(begin('gone'), {}, 499);
    begin('open');
    expect(ids({ search: 'client left' })).toEqual(['gone']);
    expect(ids({ search: 'running' })).toEqual(['open']);
  });

  it('takes the end of a response in the background for the end of its request', () => {
    const { listen, begin, end, list } = record();
    const scope = begin('req_1');
    end(scope, { background: true });
    expect(list().requests[0]).toMatchObject({ outcome: 'ok', total_ms: 900 });
    const request = { ...ENDED, ms: 5000, background: true };
    listen({ type: 'response-end', outcome: 'cancelled', request }, scope);
    end(scope, { background: true });
    expect(list().requests[0]).toMatchObject({ outcome: 'client_gone', total_ms: 5000 });
  });

  it('is searched by words, filtered by result, model and key, and read page by page', () => {
    const { listen, begin, end, list, ids } = record();
    const one = begin('one', '/v1/chat/completions');
    listen({ type: 'caller-known', key: 'laptop' }, one);
    end(one, { path: '/v1/chat/completions', model: 'gpt-5.5', client: 'Cline' });
    const two = begin('two');
    end(two, { failure: FAILURE, client: 'curl' }, 400);
    begin('three');
    expect(ids({ search: 'CHAT cline' })).toEqual(['one']);
    expect(ids({ search: 'invalid_value 400' })).toEqual(['two']);
    expect(ids({ show: 'failed' })).toEqual(['two']);
    expect(ids({ show: 'ok' })).toEqual(['one']);
    expect(ids({ show: 'running' })).toEqual(['three']);
    expect(ids({ key: 'laptop' })).toEqual(['one']);
    expect(ids({ model: 'gpt-5.5' })).toEqual(['one']);
    expect(ids({ limit: '1', before: '2' })).toEqual(['two']);
    expect(list({ show: 'ok' }).newest).toBe(2);
    expect(list({ limit: '1' })).toMatchObject({
      matching: 3,
      held: 3,
      newest: 2,
      models: ['gpt-5.5'],
      keys: ['laptop'],
    });
  });
});

const FAILURE = {
  isOwn: false,
  code: 'rate_limit_exceeded',
  kind: 'token_limited',
  outcome: 'invalid_value',
  problem: 'Rate limit reached.',
  facts: { retries: 2, none: undefined },
} as const;

describe('the error of a request', () => {
  it('has the remedy of its kind, although several kinds have one code', () => {
    const { log, begin, end } = record();
    end(begin('one'), { failure: FAILURE }, 429);
    end(begin('two'), { failure: { ...FAILURE, kind: 'queue_full' } }, 429);
    const [first, second] = [0, 1].map((number) => encodeDetail(log.find(number)!).error);
    expect(first).toEqual({
      code: 'rate_limit_exceeded',
      message: 'Rate limit reached.',
      param: null,
      is_own: false,
      remedy: REMEDIES.token_limited,
      facts: [{ name: 'retries', value: '2' }],
    });
    expect(second?.remedy).toBe(REMEDIES.queue_full);
  });

  it.each([
    [429, {}, REMEDIES.rate_limited],
    [401, {}, REMEDIES.provider_unauthorized],
    [503, { outcome: 'shutting_down' }, REMEDIES.shutting_down],
    [418, {}, REMEDIES.provider_rejected],
    [499, {}, expect.stringContaining('a timeout in the client')],
  ])(
    'has a remedy for the status %i of an answer without a failure of the gateway',
    (status, facts, remedy) => {
      const { log, begin, end } = record();
      end(begin('one'), facts, status);
      expect(encodeDetail(log.find(0)!).error).toMatchObject({
        remedy,
        message: expect.stringMatching(/\.$/),
      });
    },
  );

  it.each([
    ['/chat/completions', REMEDIES.unknown_url],
    ['/v1/v1/chat/completions', REMEDIES.unknown_url],
    ['/v1/embeddings', expect.stringContaining('The base URL is right')],
  ])('blames the base URL for a path that is unknown only where it may be wrong: %s', (path, remedy) => {
    const { log, begin, end } = record();
    end(begin('one', path), { path, failure: { ...FAILURE, kind: 'unknown_url' } }, 404);
    expect(encodeDetail(log.find(0)!).error?.remedy).toEqual(remedy);
  });

  it('has its facts in words', () => {
    const { log, begin, end } = record();
    const facts = { codexError: 'usageLimitExceeded', providerStatus: 429 };
    end(begin('one'), { failure: { ...FAILURE, facts } }, 429);
    expect(encodeDetail(log.find(0)!).error?.facts).toEqual([
      { name: 'Reason of Codex', value: 'usage limit exceeded' },
      { name: 'Status of the provider', value: '429' },
    ]);
  });

  it('has a remedy for every code, in whole sentences', () => {
    expect(Object.entries(REMEDIES).filter(([, remedy]) => !/^[A-Z].*\.$/s.test(remedy))).toEqual([]);
  });

  it('names in its remedies only settings and commands that are documented', () => {
    const documents = ['docs/configuration.md', 'docs/internal-tools.md', 'docs/copilot.md', 'README.md']
      .concat(['docs/agent-sessions.md', 'docs/console.md', 'docs/tokens.md'])
      .map((path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'))
      .join('\n');
    const names = Object.values(REMEDIES)
      .flatMap((remedy) => remedy.match(/(?<=`)[^`]+(?=`)/g) ?? [])
      .filter((name) => /^(?:[a-z]+[A-Z.]\w+\.?\w*|codex-gateway .*)$/.test(name));
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !documents.includes(name))).toEqual([]);
  });
});

describe('the bodies of requests', () => {
  it('are held as they come, without secrets, the beginning of long ones, and as long as their request', () => {
    const { log, bodies, begin } = record(2);
    begin('one');
    const one = bodies.open('one')!;
    one.keepRequest([Buffer.from('{"provider_api_key": "sk-\\"1",'), Buffer.from(' "input": "Hi"}')]);
    one.keepAnswer('data: 1\n');
    one.keepAnswer(Buffer.alloc(300_000, 'x'));
    one.keepAnswer('more');
    const found = bodies.find(0)!;
    expect(found.request).toEqual({ text: '{"provider_api_key": "…", "input": "Hi"}', isCut: false });
    expect(found.answer).toMatchObject({ isCut: true, text: expect.stringMatching(/^data: 1\nx+$/) });
    expect(found.answer.text).toHaveLength(256 * 1024);
    expect(requestDetailSchema.parse(encodeDetail(log.find(0)!, found)).bodies?.answer.is_cut).toBe(true);
    for (const id of ['two', 'three']) {
      begin(id);
      bodies.open(id);
    }
    expect(bodies.find(0)).toBeUndefined();
    expect(bodies.find(2)).toEqual({ request: NOTHING, answer: NOTHING });
    expect(bodies.open('console')).toBeUndefined();
  });

  it.each([
    [String.raw`{"a": "\"", "api_key": "sk-\"1", "b": 2}`, String.raw`{"a": "\"", "api_key": "…", "b": 2}`],
    [
      'a stray " and {"client_secret":"sk-1","Authorization" : "Bearer',
      'a stray " and {"client_secret":"…","Authorization" : "…',
    ],
    ['{"secret": ["sk"], "password": ""}', '{"secret": ["sk"], "password": "…"}'],
  ])('show no value of a secret: %s', (text, shown) => {
    const { bodies, begin } = record();
    begin('one');
    bodies.open('one')!.keepRequest([Buffer.from(text)]);
    expect(bodies.find(0)?.request.text).toBe(shown);
  });

  it.each([
    ['a name without an end', `"${'secret'.repeat(43_000)}`],
    ['quotes alone', '"'.repeat(260_000)],
    ['names alone', '"name": '.repeat(29_000)],
    ['white space', `"secret"${' '.repeat(260_000)}`],
  ])('hold nobody up when somebody has sent %s', (_, text) => {
    const { bodies, begin } = record();
    begin('one');
    bodies.open('one')!.keepRequest([Buffer.from(text)]);
    let found: string | undefined;
    expect(cpuTimeOf(() => (found = bodies.find(0)?.request.text))).toBeLessThan(1_000);
    expect(found).toBe(text);
  });

  it('are forgotten, the oldest first, where there is no room for all', () => {
    const { log, begin } = record();
    const bodies = createBodyLog(log, 10);
    for (const id of ['one', 'two']) {
      begin(id);
      bodies.open(id)!.keepAnswer('123456');
    }
    expect(bodies.find(0)).toBeUndefined();
    expect(bodies.find(1)?.answer.text).toBe('123456');
  });
});

const NOTHING = { text: '', isCut: false };

describe('requests that pages hear of', () => {
  it('come gathered, a few of many, with the number of the newest, and with the end of each that was shown', () => {
    vi.useFakeTimers();
    try {
      const events: RequestEvent[] = [];
      const { log, begin, end } = record();
      log.follow(sampleRequests((event) => events.push(event)));
      const scopes = Array.from({ length: 40 }, (_, index) => begin(`req_${index}`));
      expect(events).toEqual([]);
      vi.runAllTimers();
      expect(events).toHaveLength(1);
      expect(events[0]?.requests.map(({ id }) => id)).toEqual(['req_0', 'req_1', 'req_2', 'req_3', 'req_4']);
      expect(events[0]?.newest).toBe(39);
      for (const scope of scopes) end(scope);
      vi.runAllTimers();
      expect(events[1]?.requests.map(({ id, outcome }) => [id, outcome])).toEqual(
        ['req_0', 'req_1', 'req_2', 'req_3', 'req_4'].map((id) => [id, 'ok']),
      );
      expect(events[1]?.newest).toBe(39);
    } finally {
      vi.useRealTimers();
    }
  });
});
