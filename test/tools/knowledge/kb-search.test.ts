import { expect, it } from 'vitest';
import { createKbSearch } from '../../../src/tools/knowledge/kb-search.ts';
import type { KnowledgeHit } from '../../../src/tools/knowledge/knowledge-index.ts';
import { serveTools } from '../../support/serve-tools.ts';

const HIT: KnowledgeHit = { snippet: 'A refund takes a day.', path: 'refunds.md', line: 3, score: 0.5 };

const serve = () =>
  serveTools({ tools: [createKbSearch({ search: async (_, count) => [HIT].slice(0, count) })] });

it('kb.search cites each passage by path and line', async () => {
  const { post } = await serve();
  expect(await post('/kb/search', { query: 'refund' })).toMatchObject({
    status: 200,
    body: { results: [{ snippet: HIT.snippet, source: 'refunds.md:3', score: 0.5 }] },
  });
});

it.each([
  [{ query: ' \n' }, 'query'],
  [{ query: 'x'.repeat(2_001) }, 'query'],
  [{ query: 'x', top_k: 0 }, 'top_k'],
  [{ query: 'x', top_k: 21 }, 'top_k'],
  [{ query: 'x', top_k: 1.5 }, 'top_k'],
  [{}, 'query'],
])('kb.search refuses %j and names the field', async (body, field) => {
  const { post } = await serve();
  expect(await post('/kb/search', body)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: `#/${field}` }] },
  });
});
