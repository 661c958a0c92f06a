import { describe, expect, it } from 'vitest';
import { createSecrets } from '../../../../src/upstream/copilot/diagnostics/secrets.ts';

describe('a secret is taken out of a text', () => {
  it.each([
    ['a token of GitHub', 'ghu_0123456789abcdef'],
    ['a token of gh', 'gho_0123456789abcdef'],
    ['a classic token', 'ghp_0123456789abcdef'],
    ['a fine-grained token', 'github_pat_0123456789_abcdef'],
    ['a token of Copilot', 'tid=abc;exp=1;sku=pro;proxy-ep=a.b:mac'],
  ])('if it is %s', (_name, token) => {
    const { redact } = createSecrets([]);
    expect(redact(`before "${token}" after`)).toBe('before "<redacted-secret>" after');
    expect(redact(`https://example.com/?token=${token}`)).toBe(
      'https://example.com/?token=<redacted-secret>',
    );
  });

  it('if it comes behind the name of a scheme', () => {
    const { redact } = createSecrets([]);
    expect(redact('Authorization: Bearer abcdefgh123')).toBe('Authorization: Bearer <redacted-secret>');
    expect(redact('a bearer of news')).toBe('a bearer of news');
  });

  it('if it is known', () => {
    const secrets = createSecrets(['from-settings', undefined]);
    secrets.learn('from-auth');
    secrets.learn('from-auth-and-longer');
    secrets.learn('none');
    secrets.learnHeaders({
      authorization: 'Bearer from-authorization',
      'x-api-key': 'from-x-api-key',
      'api-key': 'from-api-key',
      cookie: 'a=from-cookie; theme=dark',
      'set-cookie': ['b=from-set-cookie; Path=/; HttpOnly'],
      'x-github-token': 'from-any-token',
      'x-other': 'not-secret',
    });
    const known =
      'from-settings from-auth from-auth-and-longer from-authorization from-x-api-key from-api-key';
    const further = 'from-cookie from-set-cookie from-any-token none dark not-secret';
    expect(secrets.redact(`${known} ${further}`)).toBe(
      `${'<redacted-secret> '.repeat(9)}none dark not-secret`,
    );
  });

  it('for the last 200 that were learned', () => {
    const secrets = createSecrets([]);
    for (let index = 0; index < 201; index += 1) secrets.learn(`<${index}>`.padEnd(8, '.'));
    expect(secrets.redact('<0>..... <1>..... <200>...')).toBe('<0>..... <redacted-secret> <redacted-secret>');
  });
});
