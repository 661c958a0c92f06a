import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedProvider, startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  breakOff,
  refuse,
  sendEvent,
  startMessage,
  startResponse,
  type Script,
} from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { deadlines: { firstByte: 1.5, idle: 0.4 } } });
});
afterAll(() => gateway.close());

const QUESTION = { model: 'gpt-6-sol', messages: [{ role: 'user' as const, content: 'hello' }] };

interface Expected {
  readonly status: number;
  readonly code: string | null;
  readonly kind: new (...args: never[]) => Error;
  readonly message?: RegExp;
  readonly retry?: string;
}

const error = (message: string, code: string | null = null) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
});

/** Sends the start of an answer, then runs the given script. */
const afterStart =
  (then: Script): Script =>
  (request, response) => {
    startResponse(response);
    return then(request, response);
  };

const CASES: [name: string, script: Script, expected: Expected][] = [
  [
    'a 400 with a body of OpenAI',
    refuse(400, error('Invalid schema.', 'invalid_json_schema')),
    { status: 400, code: 'invalid_json_schema', kind: OpenAI.BadRequestError, message: /Invalid schema\./ },
  ],
  [
    'a 400 with a body of ChatGPT',
    refuse(400, { detail: 'The model is not supported when using Codex with a ChatGPT account.' }),
    { status: 400, code: null, kind: OpenAI.BadRequestError, message: /not supported when using Codex/ },
  ],
  [
    'a 400 of plain text',
    refuse(400, 'no'),
    { status: 400, code: null, kind: OpenAI.BadRequestError, message: /no/ },
  ],
  [
    'a history too long',
    refuse(400, error('too long', 'context_length_exceeded')),
    {
      status: 400,
      code: 'context_length_exceeded',
      kind: OpenAI.BadRequestError,
      message: /maximum context length/,
    },
  ],
  [
    'a 401',
    refuse(401, error('Incorrect API key provided', 'invalid_api_key')),
    {
      status: 401,
      code: 'provider_unauthorized',
      kind: OpenAI.AuthenticationError,
      message: /credentials \(HTTP 401\)\. Check the provider's key/,
      retry: 'false',
    },
  ],
  [
    'a 403',
    refuse(403, error('Country not supported')),
    {
      status: 403,
      code: 'provider_forbidden',
      kind: OpenAI.PermissionDeniedError,
      message: /refused access \(HTTP 403\): Country not supported\.$/,
      retry: 'false',
    },
  ],
  [
    'a 404 that is not about the model',
    refuse(404, '<html>not here</html>'),
    {
      status: 502,
      code: 'upstream_error',
      kind: OpenAI.InternalServerError,
      message: /\(HTTP 404\)\. Check the provider's base_url .* the model `gpt-6-sol`\.$/,
      retry: 'false',
    },
  ],
  [
    'a 404 with a reason',
    refuse(404, error('upstream says 404')),
    {
      status: 502,
      code: 'upstream_error',
      kind: OpenAI.InternalServerError,
      message: /\(HTTP 404\): upstream says 404\. Check the provider's base_url/,
      retry: 'false',
    },
  ],
  [
    'a 404 about the model',
    refuse(404, error('no such model', 'model_not_found')),
    { status: 404, code: 'model_not_found', kind: OpenAI.NotFoundError },
  ],
  [
    'a 429',
    refuse(429, error('slow down', 'rate_limit_exceeded')),
    { status: 429, code: 'rate_limit_exceeded', kind: OpenAI.RateLimitError },
  ],
  [
    'a 429 with Retry-After',
    refuse(429, error('slow down', 'rate_limit_exceeded'), { 'retry-after': '2' }),
    { status: 429, code: 'rate_limit_exceeded', kind: OpenAI.RateLimitError },
  ],
  [
    'a quota used up',
    refuse(429, error('You exceeded your current quota', 'insufficient_quota')),
    { status: 429, code: 'insufficient_quota', kind: OpenAI.RateLimitError, retry: 'false' },
  ],
  [
    'a 500',
    refuse(500, error('boom')),
    { status: 500, code: 'server_error', kind: OpenAI.InternalServerError, retry: 'true' },
  ],
  [
    'a 503',
    refuse(503, error('busy', 'server_is_overloaded')),
    { status: 503, code: 'server_is_overloaded', kind: OpenAI.InternalServerError, retry: 'true' },
  ],
  [
    'a 422',
    refuse(422, error('no')),
    { status: 502, code: 'upstream_error', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'a 508 of another gateway',
    refuse(508, error('loop')),
    { status: 508, code: 'loop_detected', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'a 529',
    refuse(529, error('busy')),
    { status: 502, code: 'upstream_error', kind: OpenAI.InternalServerError, retry: 'true' },
  ],
  [
    'a stream that is cut before any text',
    afterStart((_request, response) => void response.destroy()),
    { status: 502, code: 'upstream_error', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'a stream that ends early',
    afterStart((_request, response) => void response.end()),
    { status: 502, code: 'upstream_error', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'response.failed',
    afterStart((_request, response) => {
      const failure = { code: 'server_error', message: 'boom' };
      sendEvent(response, { type: 'response.failed', response: { id: 'resp_1', error: failure } });
      response.end();
    }),
    { status: 502, code: 'upstream_error', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'a connection that is cut before the first header',
    (_request, response) => void response.destroy(),
    {
      status: 502,
      code: 'upstream_error',
      kind: OpenAI.InternalServerError,
      message: /may have been asked already/,
      retry: 'false',
    },
  ],
  [
    'a stall before the first header',
    () => {},
    { status: 504, code: 'first_byte_timeout', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
  [
    'a stall after the first event',
    afterStart(() => {}),
    { status: 504, code: 'idle_timeout', kind: OpenAI.InternalServerError, retry: 'false' },
  ],
];

describe.each([false, true])('with stream: %s', (stream) => {
  it.each(CASES)('%s gives one error after one request', async (_name, script, expected) => {
    gateway.upstream.use(script);
    const before = gateway.upstream.requests.length;
    const failure: unknown = await gateway.client.chat.completions
      .create({ ...QUESTION, stream })
      .catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(expected.kind);
    const { status, code, message, headers } = failure as InstanceType<typeof OpenAI.APIError>;
    expect({ status, code }).toEqual({ status: expected.status, code: expected.code });
    if (expected.message) expect(message).toMatch(expected.message);
    expect(message).not.toMatch(/https?:|127\.0\.0\.1/);
    if (expected.retry) expect(headers!.get('x-should-retry')).toBe(expected.retry);
    expect(gateway.upstream.requests.length - before).toBe(1);
  });
});

it('an answer that breaks off in its middle is not to be asked for again', async () => {
  gateway.upstream.use(breakOff('The beginning'));
  const response = await gateway.post(QUESTION);
  expect([response.status, response.headers.get('x-should-retry')]).toEqual([502, 'false']);
});

it('an upstream failure reaches the client before Codex could have tried again', async () => {
  gateway.upstream.use(refuse(500, error('boom')));
  await expect(gateway.client.chat.completions.create(QUESTION, { timeout: 15_000 })).rejects.toBeInstanceOf(
    OpenAI.InternalServerError,
  );
});

const failing: [name: string, script: Script, code: string][] = [
  ['a cut', (_request, response) => void response.destroy(), 'upstream_error'],
  ['a stall', () => {}, 'idle_timeout'],
];

it.each(failing)(
  'after the first text, %s is one error frame and the end, without [DONE]',
  async (_name, then, code) => {
    gateway.upstream.use((request, response) => {
      startMessage(response, 'partial');
      // Let the text leave the socket before it is cut.
      setImmediate(() => void then(request, response));
    });
    const response = await gateway.post({ ...QUESTION, stream: true });
    expect(response.status).toBe(200);
    const frames = (await response.text()).trim().split('\n\n');
    expect(frames.some((frame) => frame.includes('"content":"partial"'))).toBe(true);
    expect(JSON.parse(frames.at(-1)!.replace('data: ', ''))).toMatchObject({
      error: { code, type: 'server_error' },
    });
    expect(frames.filter((frame) => frame.includes('"error"'))).toHaveLength(1);
    expect(frames).not.toContain('data: [DONE]');
  },
);

it('the official SDK raises such a frame as an error', async () => {
  gateway.upstream.use(breakOff('partial'));
  const stream = await gateway.client.chat.completions.create({ ...QUESTION, stream: true });
  await expect(Array.fromAsync(stream)).rejects.toThrow('broke off');
});

const incomplete = (reason: string) => ({
  type: 'response.incomplete',
  response: { id: 'resp_1', incomplete_details: { reason } },
});
const failed = (code: string) => ({
  type: 'response.failed',
  response: { id: 'resp_1', error: { code, message: 'cyber' } },
});

it.each([
  ['max_output_tokens', incomplete('max_output_tokens'), 'length'],
  ['content_filter', incomplete('content_filter'), 'content_filter'],
  ['a refusal by policy', failed('cyber_policy'), 'content_filter'],
])('an answer that the provider ended for %s finishes with its text', async (_name, last, finishReason) => {
  gateway.upstream.use((_request, response) => {
    startMessage(response, 'partial');
    sendEvent(response, last);
    response.end();
  });
  const completion = await gateway.client.chat.completions.create(QUESTION);
  expect(completion.choices[0]).toMatchObject({
    message: { content: 'partial' },
    finish_reason: finishReason,
  });
});

it('a 401 names the variable of the key for a provider that needs no account', async () => {
  const keyed = await startTestGateway({
    codexConfig: (url) => `${scriptedProvider(url)}env_key = "MINE_KEY"\n`,
    environment: { MINE_KEY: 'wrong' },
  });
  try {
    keyed.upstream.use(refuse(401, error('Incorrect API key provided: wrong', 'invalid_api_key')));
    const response = await keyed.post(QUESTION);
    const { message } = ((await response.json()) as { error: { message: string } }).error;
    expect(message).toContain("Check the provider's key in the environment variable MINE_KEY");
    expect(message).not.toMatch(/login|wrong/);
  } finally {
    await keyed.close();
  }
});

it('a usage limit says when to come back', async () => {
  const resetsAt = Math.floor(Date.now() / 1000) + 600;
  gateway.upstream.use(
    refuse(
      429,
      { error: { type: 'usage_limit_reached', message: 'limit', plan_type: 'pro', resets_at: resetsAt } },
      {
        'x-codex-primary-used-percent': '100',
        'x-codex-primary-window-minutes': '300',
        'x-codex-primary-reset-at': String(resetsAt),
      },
    ),
  );
  const failure = await gateway.client.chat.completions.create(QUESTION).catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ status: 429, code: 'insufficient_quota' });
  const retryAfter = Number((failure as InstanceType<typeof OpenAI.APIError>).headers!.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(500);
  expect(retryAfter).toBeLessThanOrEqual(600);
});

describe('a provider that is not there', () => {
  it('gives one error at once', async () => {
    const unreachable = await startTestGateway({
      codexConfig: () => scriptedProvider('http://127.0.0.1:9/v1'),
    });
    try {
      await expect(
        unreachable.client.chat.completions.create(QUESTION, { timeout: 15_000 }),
      ).rejects.toMatchObject({
        status: 502,
        code: 'upstream_error',
      });
    } finally {
      await unreachable.close();
    }
  });

  it('is named with the variable of its key when that is not set', async () => {
    const keyless = await startTestGateway({
      codexConfig: (url) => `${scriptedProvider(url)}env_key = "NO_SUCH_KEY"\n`,
    });
    try {
      await expect(keyless.client.chat.completions.create(QUESTION)).rejects.toMatchObject({
        status: 401,
        code: 'provider_unauthorized',
        message: expect.stringContaining('NO_SUCH_KEY'),
      });
      expect(keyless.upstream.requests).toHaveLength(0);
    } finally {
      await keyless.close();
    }
  });

  it('says how to sign in when it needs a login that is missing', async () => {
    const signedOut = await startTestGateway({ codexConfig: (url) => `openai_base_url = "${url}"\n` });
    try {
      expect(signedOut.running.login).toEqual({ type: 'signed-out' });
      await expect(signedOut.client.chat.completions.create(QUESTION)).rejects.toMatchObject({
        status: 401,
        code: 'codex_not_signed_in',
        message: expect.stringContaining('codex-gateway login'),
      });
      // Nobody is shown the conversation without a login.
      expect(signedOut.upstream.requests).toEqual([]);
    } finally {
      await signedOut.close();
    }
  });
});
