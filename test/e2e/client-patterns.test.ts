import { describe, expect, it } from 'vitest';
import { CLIENT_PATTERNS, type FailureKind, type ReadFailure } from '../support/client-patterns.ts';
import { failLater, failWith, type Script } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

interface Cause {
  readonly script?: Script;
  readonly model?: string;
  readonly authorization?: string;
}

/** Causes of each kind of failure. */
const CAUSES: Readonly<Record<FailureKind, Cause>> = {
  'wrong-key': { authorization: 'Bearer sk-wrong' },
  'no-key': { authorization: '' },
  'unknown-model': { model: 'gpt-4o' },
  'full-context': { script: failWith(400, 'context_length_exceeded') },
  'used-up-quota': { script: failWith(429, 'insufficient_quota') },
  'rate-limit': { script: failWith(429, 'rate_limit_exceeded') },
  'server-error': { script: failWith(500, 'server_error') },
  overload: { script: failWith(503, 'server_is_overloaded') },
  policy: { script: failLater('cyber_policy') },
};

const KINDS = Object.keys(CAUSES) as FailureKind[];

async function fail(kind: FailureKind, path: string, body: object): Promise<ReadFailure> {
  const { script, model = 'gpt-5.5', authorization } = CAUSES[kind];
  if (script) gateway.upstream.use(script);
  const response = await gateway.fetch(path, {
    method: 'POST',
    body: JSON.stringify({ model, ...body }),
    ...(authorization !== undefined && { headers: { authorization } }),
  });
  expect(response.status).toBeGreaterThanOrEqual(400);
  const whole = await response.text();
  return { message: (JSON.parse(whole) as { error: { message: string } }).error.message, whole };
}

describe.each([
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'hello' }] }],
  ['/v1/responses', { input: 'hello' }],
])('on %s', (path, body) => {
  it.each(KINDS)('every client recognises a %s failure and mistakes it for no other', async (kind) => {
    const failure = await fail(kind, path, body);
    const wrong = CLIENT_PATTERNS.filter(
      (pattern) =>
        (pattern.kind === kind && !pattern.matches(failure)) ||
        (pattern.kind !== kind && pattern.excludes && pattern.matches(failure)),
    );
    expect(wrong.map(({ client, kind: expected }) => `${client}: ${expected}`)).toEqual([]);
  });
});

it('a model unknown to the provider gets the same error as one unknown to the gateway', async () => {
  gateway.upstream.use(failWith(404, 'model_not_found'));
  const response = await gateway.post({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('The model `gpt-5.5` does not exist');
});
