import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeError } from '../../../../src/openai/vocabulary/error-body.ts';
import type { Credential } from '../../../../src/upstream/copilot/auth/credential.ts';
import {
  fetchModelList,
  type FetchModelListParts,
} from '../../../../src/upstream/copilot/models/fetch-model-list.ts';
import { createHttpClient } from '../../../../src/upstream/copilot/transport/http-client.ts';
import {
  startHttpServer,
  startScriptedServer,
  type ScriptedAnswer,
} from '../../../support/start-http-server.ts';

const LIST: ScriptedAnswer = {
  status: 200,
  body: JSON.stringify({ data: [{ id: 'gpt-5.5', supported_endpoints: ['/responses'] }] }),
};
const UNAUTHORIZED: ScriptedAnswer = { status: 401, body: 'unauthorized' };

function createParts(origin: string, renewed?: Credential) {
  const http = createHttpClient({ proxyFor: () => undefined });
  onTestFinished(async () => await http.close());
  const renew = vi.fn<FetchModelListParts['credentials']['renew']>().mockResolvedValue(renewed);
  const parts: FetchModelListParts = {
    http,
    credentials: { current: async () => ({ bearer: 'first', source: 'token file' }), renew },
    locate: async () => `${origin}/models?a=b`,
    headersFor: ({ bearer }) => ({ authorization: `Bearer ${bearer}`, 'x-request-id': 'id' }),
    headersTimeoutMs: 10_000,
  };
  return { parts, renew };
}

/** Reads the list of a server with these answers. */
async function fetchFrom(answers: readonly ScriptedAnswer[], renewed?: Credential) {
  const { origin, received } = await startScriptedServer(...answers);
  const { parts, renew } = createParts(origin, renewed);
  const outcome = await fetchModelList(parts, undefined).then(
    ({ models }) => ({ ids: models.map(({ id }) => id), error: undefined }),
    (error: unknown) => ({ ids: [], error: encodeError(error) }),
  );
  return { ...outcome, received, renew };
}

describe("Copilot's list of models", () => {
  it('is asked for once, with the token and the headers of this kind of request', async () => {
    const { received, ...outcome } = await fetchFrom([LIST]);
    expect(outcome).toMatchObject({ ids: ['gpt-5.5'] });
    expect(received).toMatchObject([
      {
        method: 'GET',
        url: '/models?a=b',
        headers: { accept: 'application/json', authorization: 'Bearer first', 'x-request-id': 'id' },
      },
    ]);
  });

  it('is asked for with another token after a 401', async () => {
    const other: Credential = { bearer: 'second', source: 'token file' };
    const { received, renew, ...outcome } = await fetchFrom([UNAUTHORIZED, LIST], other);
    expect(outcome).toMatchObject({ ids: ['gpt-5.5'] });
    expect(received.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a second 401', [UNAUTHORIZED], { bearer: 'second', source: 'token file' } as const, 2],
    ['a 401 where there is no other token', [UNAUTHORIZED], undefined, 1],
  ])('fails with %s', async (_, answers, renewed, count) => {
    const { error, received } = await fetchFrom(answers, renewed);
    expect(error).toMatchObject({ status: 401, body: { error: { code: 'upstream_request_failed' } } });
    expect(received).toHaveLength(count);
  });

  it('leaves no connection open when there can be no other token after a 401', async () => {
    const broken = Promise.withResolvers<void>();
    const { origin } = await startHttpServer((_, response) => {
      response.once('close', broken.resolve);
      response.writeHead(401).write(Buffer.alloc(256 * 1024));
    });
    const { parts, renew } = createParts(origin);
    renew.mockRejectedValue(new Error('GitHub cannot be reached'));
    await expect(fetchModelList(parts, undefined)).rejects.toThrow('GitHub cannot be reached');
    await broken.promise;
  });

  it.each([[403], [404], [466], [500], [503]])('fails with the status %d of Copilot', async (status) => {
    const { error, received } = await fetchFrom([{ status, body: 'plain text' }]);
    expect(error?.status).toBe(status);
    expect(error?.body.error.message).toBe(
      `GitHub Copilot answered the request for its models with status ${status}.`,
    );
    expect(error?.headers).not.toHaveProperty('x-should-retry');
    expect(received).toHaveLength(1);
  });

  it('fails at once with the final error when it is rate limited', async () => {
    const limited = { status: 429, headers: { 'retry-after': '1' }, body: 'slow down' };
    const { error, received } = await fetchFrom([limited, LIST]);
    expect(error).toMatchObject({
      status: 429,
      body: { error: { type: 'usage_limit_reached', code: 'insufficient_quota' } },
    });
    expect(error?.headers).not.toHaveProperty('retry-after');
    expect(received).toHaveLength(1);
  });

  it.each([
    ['text', 'hello'],
    ['an object without a list', '{}'],
    ['half a list', '{"data":['],
    ['a redirection', undefined],
  ])('fails with 502 when the answer is %s', async (_, body) => {
    const { error } = await fetchFrom([body === undefined ? { status: 302 } : { status: 200, body }]);
    expect(error).toMatchObject({ status: 502, body: { error: { code: 'upstream_request_failed' } } });
  });

  it('fails with 504 when the answer takes more than a minute, byte by byte', async () => {
    const { origin } = await startHttpServer((_, response) => response.writeHead(200).write('{'));
    const { parts } = createParts(origin);
    const begun = Promise.withResolvers<void>();
    const { send } = parts.http;
    const http: FetchModelListParts['http'] = {
      ...parts.http,
      async send(request) {
        const answer = await send(request);
        begun.resolve();
        return answer;
      },
    };
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const fetching = fetchModelList({ ...parts, http }, undefined);
    await begun.promise;
    vi.advanceTimersByTime(60_000);
    await expect(fetching).rejects.toMatchObject({ code: 'upstream_timeout' });
  });
});
