import { describe, expect, it } from 'vitest';
import {
  defaultBase,
  describeUrl,
  githubUrls,
  parseBase,
} from '../../../../src/upstream/copilot/transport/urls.ts';

describe('URLs of GitHub', () => {
  it('are those of github.com', () => {
    expect(githubUrls({})).toEqual({
      token: 'https://api.github.com/copilot_internal/v2/token',
      graphql: 'https://api.github.com/graphql',
      user: 'https://api.github.com/copilot_internal/user',
      deviceCode: 'https://github.com/login/device/code',
      accessToken: 'https://github.com/login/oauth/access_token',
    });
    expect(defaultBase({})).toBe('https://api.githubcopilot.com');
  });

  it.each(['octocorp.ghe.com', 'https://octocorp.ghe.com/', 'Octocorp.GHE.com'])(
    'are those of the enterprise with githubHost %s',
    (githubHost) => {
      expect(githubUrls({ githubHost })).toEqual({
        token: 'https://api.octocorp.ghe.com/copilot_internal/v2/token',
        graphql: 'https://api.octocorp.ghe.com/graphql',
        user: 'https://api.octocorp.ghe.com/copilot_internal/user',
        deviceCode: 'https://octocorp.ghe.com/login/device/code',
        accessToken: 'https://octocorp.ghe.com/login/oauth/access_token',
      });
      expect(defaultBase({ githubHost })).toBe('https://copilot-api.octocorp.ghe.com');
    },
  );

  it('are, each by itself, those of the environment', () => {
    const own = {
      token: 'http://127.0.0.1:1/t',
      user: 'http://127.0.0.1:1/u',
      githubHost: 'octocorp.ghe.com',
    };
    expect(githubUrls(own)).toMatchObject({
      token: 'http://127.0.0.1:1/t',
      user: 'http://127.0.0.1:1/u',
      graphql: 'https://api.octocorp.ghe.com/graphql',
    });
  });
});

it.each([
  ['https://api.business.githubcopilot.com/', 'https://api.business.githubcopilot.com'],
  ['https://example.com/copilot//?a=b#c', 'https://example.com/copilot'],
  ['http://127.0.0.1:9/x', 'http://127.0.0.1:9/x'],
  ['http://localhost:9', 'http://localhost:9'],
  ['http://[::1]:9', 'http://[::1]:9'],
])('a base URL %s from GitHub is taken', (url, base) => {
  expect(parseBase(url)).toBe(base);
});

it.each([
  'http://api.githubcopilot.com',
  'http://127.0.0.1.example.com',
  'ftp://127.0.0.1',
  'nowhere',
  '',
  7,
  null,
])('a base URL %s from GitHub is not taken, since a token must not leave the machine unencrypted', (url) => {
  expect(parseBase(url)).toBeUndefined();
});

it('a URL in an error has no query, user or password', () => {
  expect(describeUrl('https://user:secret@host/path?key=secret#secret')).toBe('https://host/path');
});
