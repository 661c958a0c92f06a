import { expect, it } from 'vitest';
import { findOverrides } from '../../../src/app/config/find-overrides.ts';
import { listSettingShapes } from '../../../src/app/config/setting-shapes.ts';

const of = (...[flags, environment, source]: [object?, object?, ('config' | 'file' | 'environment')?]) =>
  Object.fromEntries(
    findOverrides(
      { token: source && { value: 'x', source } },
      flags ?? {},
      (environment ?? {}) as Record<string, string>,
    ),
  );

it('an option comes before a variable, and both before the config file', () => {
  const environment = { CODEX_GATEWAY_PORT: '1', CODEX_GATEWAY_HOST: 'localhost' };
  expect(of({ port: '0', logLevel: 'debug', strict: true }, environment)).toEqual({
    host: { source: 'environment', name: 'CODEX_GATEWAY_HOST' },
    port: { source: 'flag', name: '--port' },
    logLevel: { source: 'flag', name: '--log-level' },
    compatibility: { source: 'flag', name: '--strict' },
  });
});

it('an empty variable, and an option that says no, count as not given', () => {
  expect(of({ strict: false }, { CODEX_GATEWAY_PORT: '' })).toEqual({});
});

it('a variable that is read elsewhere has its value in the unit of the setting', () => {
  expect(of({}, { RATE_LIMIT_MAX_SLEEP_MS: '1500', CODEX_MAX_QUEUED_TURNS: '7' })).toMatchObject({
    'copilot.rateLimit.maxSleep': { value: 1.5 },
    'sessions.maxQueuedTurns': { value: 7 },
  });
});

it('a token of an option or a variable comes before that of the config file', () => {
  expect(of({}, {}, 'file')).toEqual({ token: { source: 'flag', name: '--token-file' } });
  expect(of({}, {}, 'environment').token).toMatchObject({ name: 'CODEX_GATEWAY_TOKEN' });
  expect(of({}, {}, 'config')).toEqual({});
});

it('every setting has a form, and a choice its values', () => {
  const shapes = listSettingShapes();
  const kinds = Object.fromEntries(shapes.map(({ key, kind }) => [key, kind]));
  expect(kinds).toMatchObject({
    port: 'number',
    host: 'text',
    allowedHosts: 'list',
    reasoningSummary: 'switch',
    logLevel: 'choice',
    models: 'json',
    store: 'json',
    'tools.tests': 'json',
    'copilot.rateLimit.budget': 'number',
  });
  expect(shapes.find(({ key }) => key === 'maxTokens')?.choices).toEqual(['ignore', 'enforce']);
});
