import { expect, it } from 'vitest';
import { formatForPeople, type LogLine } from '../../../src/app/log/format-for-people.ts';

const TIME = new Date(2026, 10, 29, 9, 5, 7);

function format(fields: LogLine['fields'], message = 'request', level: LogLine['level'] = 'info'): string {
  return formatForPeople({ level, time: TIME, message, fields });
}

it('the readable log shows an answered request in one line', () => {
  const line = format({
    id: 'req_1',
    method: 'POST',
    path: '/v1/chat/completions',
    status: 200,
    client: 'OpenAI/JS',
    model: 'gpt-5.5',
    effort: 'high',
    stream: true,
    firstMs: 840,
    ms: 12_340,
    inputTokens: 1204,
    cachedTokens: 1024,
    outputTokens: 233,
    ignored: 'temperature',
    adjusted: 'reasoning_effort',
  });
  expect(line).toBe(
    '09:05:07  200 POST /v1/chat/completions  gpt-5.5 high  stream  12.3 s, first after 0.84 s  ' +
      '1204 tokens in (1024 cached), 233 out  ignored: temperature  adjusted: reasoning_effort  OpenAI/JS  req_1\n',
  );
});

it('the readable log shows why a request failed', () => {
  const failure = {
    code: 'invalid_value',
    param: 'messages[0].role',
    problem: 'Invalid.',
    providerStatus: 400,
  };
  expect(
    format({ id: 'req_1', method: 'GET', path: '/x', status: 400, ms: 3, ...failure }, 'request', 'warn'),
  ).toBe(
    '09:05:07  WARN  400 GET /x  0.00 s  invalid_value (messages[0].role)  Invalid.  providerStatus: 400  req_1\n',
  );
});

it('the readable log shows how a background response ended, with the id of the response', () => {
  const fields = { id: 'req_1', response: 'resp_1', outcome: 'completed', background: true, ms: 1000 };
  expect(format(fields, 'response')).toBe('09:05:07  completed  background  1.00 s  resp_1\n');
});

it('the readable log names the fields of any other line', () => {
  expect(format({ code: 1, signal: undefined }, 'codex app-server ended', 'error')).toBe(
    '09:05:07  ERROR  codex app-server ended  code: 1\n',
  );
});

it('the readable log replaces control characters and stays on one line', () => {
  const line = format({ path: '/a\u001B[2J\nb\u202Ec\u0085d' });
  expect(line.trimEnd()).toContain('/a?[2J?b?c?d');
  expect(line.match(/\n/g)).toHaveLength(1);
});
