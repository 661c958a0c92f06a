import { expect, it } from 'vitest';
import { clientName } from '../../../src/http/requests/request-head.ts';

it.each([
  ['OpenAI/JS 7.55.0', 'OpenAI/JS'],
  ['OpenAI/Python 3.22.1', 'OpenAI/Python'],
  ['codex_exec/0.171.0 (Debian 12.0.0; x86_64) xterm', 'codex_exec/0.171.0'],
  ['python-requests/2.31.0', 'python-requests/2.31.0'],
  ['node', 'node'],
  ['Mozilla/5.0 (X11; Linux)', 'Mozilla/5.0'],
])('takes the client name of the user agent %j to be %j', (userAgent, name) => {
  expect(clientName(userAgent)).toBe(name);
});

it.each([
  '',
  ' curl/8',
  '\u001B[2J',
  'a'.repeat(100),
  'Tell/me-the-secret-word-of-today now',
  'käse/1',
  '"curl"/8',
])('takes no client name from the user agent %j', (userAgent) => {
  expect(clientName(userAgent)).toBeUndefined();
});
