import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config/config-file.ts';

const parse = (copilot: object) => parseConfig(JSON.stringify({ copilot }), 'config.json').copilot;

it('names of headers are read in lower case, as requests have them', () => {
  const { headers, forwardHeaders } = parse({
    headers: { 'Editor-Version': 'x/1', 'OpenAI-Intent': null },
    forwardHeaders: ['X-My-Header'],
  });
  expect(headers).toEqual({ 'editor-version': 'x/1', 'openai-intent': null });
  expect(forwardHeaders).toEqual(['x-my-header']);
});

it('a slash at the end of the base URL is left out', () => {
  expect(parse({ baseUrl: 'https://copilot.example/api/' }).baseUrl).toBe('https://copilot.example/api');
});

it('a model takes the keys of Codex that are otherwise left out', () => {
  const keys = { apply_patch_tool_type: 'freeform', use_responses_lite: true, multi_agent_version: null };
  expect(parse({ models: { 'gpt-5.5': keys } }).models).toEqual({ 'gpt-5.5': keys });
});

it.each([
  [{ headers: { Authorization: 'x' } }, "'copilot.headers.Authorization'"],
  [{ headers: { 'X-Initiator': 'agent' } }, 'expected another header'],
  [{ headers: { 'x-request-id': null } }, 'expected another header'],
  [{ headers: { Cookie: 'a' } }, 'expected another header'],
  [{ headers: { 'x-y': 'a\r\nb' } }, 'expected a header in printable ASCII characters'],
  [{ forwardHeaders: ['Cookie'] }, "'copilot.forwardHeaders[0]': expected another header"],
  [{ forwardHeaders: ['x-codex-turn-metadata'] }, 'expected another header'],
  [{ forwardHeaders: ['a b'] }, 'expected the name of a header'],
  [{ baseUrl: 'api.example' }, "'copilot.baseUrl': expected a URL that begins with https:// or http://"],
  [
    { githubHost: 'https://ghe.example' },
    "'copilot.githubHost': expected a host name, without scheme and path",
  ],
  [{ token: 'a b' }, "'copilot.token': expected a token without white space"],
  [{ identity: 'browser' }, "'copilot.identity'"],
  [{ rateLimit: { budget: -1 } }, "'copilot.rateLimit.budget': expected a number of at least 0"],
  [{ diagnostics: { level: 'all' } }, "'copilot.diagnostics.level'"],
  [{ diagnostics: { levle: 'off' } }, "unknown key 'copilot.diagnostics.levle'. Did you mean 'level'?"],
  [{ stripWebsearch: false }, "unknown key 'copilot.stripWebsearch'. Did you mean 'stripWebSearch'?"],
  [
    { models: { 'gpt-5.5': { use_response_lite: true } } },
    "unknown key 'copilot.models.gpt-5.5.use_response_lite'. Did you mean 'use_responses_lite'?",
  ],
])('the setting %j is refused in words that name it', (copilot, words) => {
  expect(() => parse(copilot)).toThrow(words);
});
