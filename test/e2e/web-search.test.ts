import { describe, expect, it } from 'vitest';
import { ask, WAYS } from '../support/ask.ts';
import { startTestGateway } from '../support/gateway.ts';
import { searchAndSay } from '../support/upstream-answers.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

interface SearchTool {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The web search of the last request, at its top or in an item of its conversation. */
function searchTools(): SearchTool[] {
  const { tools = [], input } = gateway.upstream.requests.at(-1)!.body;
  const all = [tools, ...input.map((item) => item.tools ?? [])].flat() as SearchTool[];
  return all.filter(({ type }) => type === 'web_search');
}

const TEXT = 'Bern is the capital 🇨🇭.';
const CITATION = { url: 'https://example.com/bern', title: 'Bern', start: 0, end: 4 };

describe.each(['gpt-5.5', 'gpt-6-sol'])('a web search of %s', (model) => {
  it.each(WAYS)('is offered, and its results are cited, %s', async (way) => {
    gateway.upstream.use(searchAndSay(TEXT, [CITATION, { ...CITATION, start: 5, end: 7 }]));
    const told = await ask(gateway, way, { model, web_search_options: {} });
    const { url, title } = CITATION;
    expect(told).toMatchObject({ status: 200, ignored: null, adjusted: null });
    expect(told.said).toMatchObject([
      {
        content: TEXT,
        finish: 'stop',
        citations: [
          { type: 'url_citation', url_citation: { url, title, start_index: 0, end_index: 4 } },
          { type: 'url_citation', url_citation: { url, title, start_index: 5, end_index: 7 } },
        ],
      },
    ]);
    expect(searchTools()).toHaveLength(1);
  });

  it('has the requested context size and user location', async () => {
    gateway.upstream.use(say('x'));
    const place = { city: 'Bern', country: 'CH', region: 'Bern', timezone: 'Europe/Zurich' };
    await ask(gateway, 'whole', {
      model,
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: place },
      },
    });
    expect(searchTools()).toMatchObject([
      { search_context_size: 'low', user_location: { type: 'approximate', ...place } },
    ]);
  });

  it('is never offered when it is not requested', async () => {
    gateway.upstream.use(say('x'));
    for (const web_search_options of [undefined, null]) {
      await ask(gateway, 'whole', { model, web_search_options });
      expect(searchTools()).toEqual([]);
    }
  });

  it('works beside tools of the caller', async () => {
    gateway.upstream.use(say('x'));
    const tools = [{ type: 'function', function: { name: 'web_search' } }];
    const told = await ask(gateway, 'whole', { model, web_search_options: {}, tools });
    expect(told.status).toBe(200);
    expect(searchTools()).toHaveLength(1);
  });
});

it('a web search that was not requested is an error', async () => {
  gateway.upstream.use(searchAndSay(TEXT, []));
  const told = await ask(gateway, 'whole', {});
  expect(told.status).toBe(502);
  expect(told.error).toMatchObject({ code: 'unknown_tool_call' });
});

it.each([
  [{ search_context_size: 'huge' }, 'web_search_options.search_context_size'],
  [{ user_location: { type: 'exact' } }, 'web_search_options.user_location.type'],
  [{ user_location: { type: 'approximate' } }, 'web_search_options.user_location.approximate'],
])('refuses %j with a 400', async (web_search_options, param) => {
  expect(await ask(gateway, 'whole', { web_search_options })).toMatchObject({
    status: 400,
    error: { param },
  });
});

it('a model that cannot be offered a web search gets none, named in the header', async () => {
  const own = await startTestGateway({ config: { nativeTools: 'off' } });
  own.upstream.use(say('Hello.'));
  const response = await own.post({
    model: 'gpt-6-sol',
    messages: [{ role: 'user', content: 'hello' }],
    web_search_options: {},
  });
  const [request] = own.upstream.requests;
  await own.close();
  expect(response.headers.get('x-codex-gateway-adjusted')).toBe('web_search_options=on->off');
  expect(JSON.stringify(request!.body)).not.toContain('web_search');
});
