import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeTurnError, type ErrorContext } from '../../../../src/codex/chat/decode/decode-turn-error.ts';
import { withoutAddresses } from '../../../../src/base/clean-message.ts';

const CONTEXT: ErrorContext = {
  model: 'gpt-x',
  contextLength: 272_000,
  needsAccount: true,
  keyVariable: undefined,
  command: 'codex-gateway',
  signedOut: false,
  limitResetsAt: undefined,
  retryAfter: 5,
  now: 1000,
};

function decode(codexErrorInfo: unknown, message = 'text of Codex', context: Partial<ErrorContext> = {}) {
  const failure = decodeTurnError(
    { message, codexErrorInfo: codexErrorInfo as never },
    { ...CONTEXT, ...context },
  );
  if (!('error' in failure)) throw new Error('not an error');
  const { code, detail, message: shown } = failure.error;
  return { code, detail, message: shown };
}

/** Every kind that the protocol of the pinned codex names. */
function knownKinds(): string[] {
  const types = readFileSync(
    new URL('../../../../generated/v2/CodexErrorInfo.d.ts', import.meta.url),
    'utf8',
  );
  const union = types.slice(types.indexOf('export type'));
  return [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]!);
}

/** Kinds that come as an object with a detail. */
const isObjectKind = (kind: string) =>
  /^(http|responseStream|responseToo)\w+$/.test(kind) || kind === 'activeTurnNotSteerable';

describe('an error with CodexErrorInfo', () => {
  /** Kinds whose name says nothing, so that the message decides. */
  const byMessage = ['other', 'badRequest'];

  it('of every kind in the pinned protocol has a code of its own, except two', () => {
    expect(knownKinds().length).toBeGreaterThan(20);
    const undecided = knownKinds().filter(
      (kind) => !isObjectKind(kind) && decode(kind).code === 'provider_rejected',
    );
    expect(new Set(undecided)).toEqual(new Set(byMessage));
  });

  it.each(knownKinds().filter(isObjectKind))('of the kind %s is decoded by its HTTP status', (kind) => {
    const expected = kind === 'activeTurnNotSteerable' ? 'internal_error' : 'provider_forbidden';
    expect(decode({ [kind]: { httpStatusCode: 403 } }).code).toBe(expected);
  });

  it('of a stream that breaks off says that the provider may have been asked', () => {
    const broken = { responseStreamDisconnected: { httpStatusCode: null } };
    expect(decode(broken)).toMatchObject({ code: 'upstream_error', detail: { shouldRetry: false } });
  });

  it('of an unknown kind falls back to a generic code', () => {
    expect(decode('brandNew', 'no').code).toBe('provider_rejected');
    expect(decode({ brandNew: {} }, 'no').code).toBe('internal_error');
  });

  it('without a kind, like no error at all, becomes an upstream error', () => {
    expect(decode(null, '').code).toBe('upstream_error');
    expect(decodeTurnError(null, CONTEXT)).toHaveProperty('error.code', 'upstream_error');
  });
});

describe('an error message without a kind', () => {
  it.each([
    ['stream disconnected before completion: boom', 'upstream_error'],
    ['stream disconnected before completion: idle timeout waiting for SSE', 'idle_timeout'],
    ['error sending request for url (https://auth.example.com/oauth/token)', 'upstream_error'],
    ['workspace routing discovery failed', 'upstream_error'],
    ['Fatal error: no room', 'upstream_error'],
    ['Missing environment variable: `KEY`. Set it.', 'provider_unauthorized'],
    ['Your prompt was flagged.', 'provider_rejected'],
  ])('is decoded by its text: %s', (message, code) => {
    expect(decode('other', message).code).toBe(code);
  });

  it.each([
    ['stream disconnected before completion: boom', false],
    ['error sending request for url (https://example.com/responses)', false],
    ['', false],
    ['workspace routing discovery failed', undefined],
  ])('says if another attempt may ask the provider a second time: %j', (message, shouldRetry) => {
    const error = decode('other', message);
    expect(error.detail.shouldRetry).toBe(shouldRetry);
    expect(error.message.includes('may have been asked already')).toBe(shouldRetry === false);
  });
});

describe('an overlong error message', () => {
  it.each([
    ['a'.repeat(30_000_000), 2_001],
    ['/('.repeat(15_000_000), 2_001],
    [JSON.stringify({ error: { message: 'b'.repeat(30_000_000), code: 'c'.repeat(1_000_000) } }), 2_001],
    [JSON.stringify({ detail: '😀'.repeat(1_000_000) }), 2_001],
  ])('is truncated: message %#', (message, length) => {
    const { message: shown, detail } = decode('other', message);
    expect(shown.length).toBeLessThanOrEqual(length);
    expect(shown.isWellFormed()).toBe(true);
    expect(detail.providerCode?.length ?? 0).toBeLessThanOrEqual(101);
  });
});

describe('the error for a full context', () => {
  it('states how many tokens the model accepts', () => {
    expect(decode('contextWindowExceeded').message).toMatch(
      /^This model's maximum context length is 272000 tokens\. /,
    );
  });

  it('states no number when the context length is unknown', () => {
    expect(decode('contextWindowExceeded', '', { contextLength: null }).message).toMatch(
      /^This model's maximum context length is exceeded\. /,
    );
  });
});

describe('the error for a rate limit', () => {
  it('states the seconds until the limit resets', () => {
    expect(decode('usageLimitExceeded', '', { limitResetsAt: 1060.5 }).detail.retryAfter).toBe(61);
  });

  it('states in its message when the quota resets', () => {
    const { message } = decode('usageLimitExceeded', '', { limitResetsAt: 1_764_432_060 });
    expect(message).toMatch(/\. It resets at 2025-11-29 16:01 UTC\.$/);
    expect(decode('rateLimitExceeded', '', { limitResetsAt: 1_764_432_060 }).message).not.toContain('resets');
  });

  it('states no time when the limit has already reset', () => {
    const { message, detail } = decode('usageLimitExceeded', '', { limitResetsAt: 900 });
    expect(detail.retryAfter).toBeUndefined();
    expect(message).not.toContain('resets');
  });
});

describe('an authorization error', () => {
  const REFUSED = { httpConnectionFailed: { httpStatusCode: 401 } };

  it('advises to sign in when the provider takes the login', () => {
    expect(decode(REFUSED).message).toMatch(
      /Sign in again with `codex-gateway login`, or check the provider's key\.$/,
    );
  });

  it.each([REFUSED, 'unauthorized'])(
    'advises to check the key when the provider needs no account: %j',
    (info) => {
      const { message } = decode(info, '', { needsAccount: false });
      expect(message).toContain("Check the provider's key");
      expect(message).not.toContain('login');
      expect(decode(info, '', { needsAccount: false, keyVariable: 'MINE_KEY' }).message).toContain(
        "Check the provider's key in the environment variable MINE_KEY",
      );
    },
  );

  it('does not quote the provider, which may repeat a part of the key', () => {
    expect(
      decode(REFUSED, 'unexpected status 401 Unauthorized: Wrong key: abc-123, url: http://x/y').message,
    ).not.toContain('abc');
  });

  it.each(['unauthorized', { httpConnectionFailed: { httpStatusCode: 401 } }])(
    'reports that no one is signed in for %j',
    (info) => {
      expect(decode(info, '', { signedOut: true }).code).toBe('codex_not_signed_in');
      expect(decode(info).code).toBe('provider_unauthorized');
    },
  );
});

it.each([
  ['unexpected status 404, url: http://127.0.0.1:1/v1/responses', 'unexpected status 404'],
  ['error sending request for url (https://example.com/x)', 'error sending request'],
  ['see https://example.com/a?b=c for more', 'see … for more'],
  ['failed to load /home/me/.codex/config.toml', 'failed to load …'],
  ['open "/etc/codex/x" or ~/a/b', 'open "…" or …'],
  ['config:/etc/codex/x,</a/b>,[/c/d]', 'config:…,<…>,[…]'],
  ['~/.codex was not found', '… was not found'],
  ['either/or and 1/2 stay', 'either/or and 1/2 stay'],
])('removes addresses from %j', (message, shown) => {
  expect(withoutAddresses(message)).toBe(shown);
});

describe('a refusal that has no kind of its own', () => {
  const refuse = (status: number, text: string) =>
    decode(
      { httpConnectionFailed: { httpStatusCode: status } },
      `unexpected status ${status} Reason: ${text}, url: http://127.0.0.1:1/v1/responses, cf-ray: 12`,
    );
  const ADVICE =
    "Check the provider's base_url in Codex's config.toml, and that the provider has the model `gpt-x`.";

  it.each([
    ['no such model', ': no such model'],
    ['{"detail":"Not Found."}', ': Not Found'],
    ['{"error":{"message":"gone"}}', ': gone'],
    ['Unknown error', ''],
    ['<html>not here</html>', ''],
    ['Invalid URL (POST /v1/responses), key sk-abcdefgh123', ': Invalid URL (POST …), key …'],
  ])('shows the reason of a 404 and advice: %s', (text, shown) => {
    expect(refuse(404, text).message).toBe(`The model provider failed (HTTP 404)${shown}. ${ADVICE}`);
  });

  it.each([402, 403, 422])('shows the reason of a %i', (status) => {
    expect(refuse(status, 'Country not supported.').message).toMatch(
      /\(HTTP \d+\): Country not supported\.$/,
    );
  });

  it('shows at most a screenful of the reason, and keeps it out of the log', () => {
    const { message, detail } = refuse(404, 'private '.repeat(100_000));
    expect(message.length).toBeLessThan(2_300);
    expect(detail.logMessage).toBe(`The model provider failed (HTTP 404). ${ADVICE}`);
  });
});
