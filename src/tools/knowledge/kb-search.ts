import { z } from 'zod';
import { abortable } from '../../base/async/abort.ts';
import type { InternalTool } from '../tool.ts';
import type { KnowledgeIndex } from './knowledge-index.ts';

/** Maximum characters of a query: what is longer is a document, not a question. */
const MAX_QUERY = 2_000;

const input = z.strictObject({
  query: z
    .string()
    .max(MAX_QUERY)
    .regex(/\S/, 'expected a query that is not blank')
    .describe('Words to search for, in any order.'),
  top_k: z.int().min(1).max(20).default(5).describe('Maximum number of results.'),
});

const output = z.strictObject({
  results: z.array(
    z.strictObject({
      snippet: z.string().describe('Lines of a document around the one that matches best.'),
      source: z.string().describe('Path of the document and number of that line: `path:line`.'),
      score: z.number().min(0).max(1),
    }),
  ),
});

/** Creates the tool that searches the documents of `tools.knowledge`. */
export function createKbSearch(
  index: Pick<KnowledgeIndex, 'search'>,
): InternalTool<typeof input, typeof output> {
  return {
    name: 'kb.search',
    title: 'Search the documents',
    description:
      "Searches the team's documents for passages with the words of a query, and cites each by path and line.",
    path: '/kb/search',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input,
    output,
    example: {
      input: { query: 'refunds for customers', top_k: 3 },
      output: {
        results: [
          { snippet: 'A customer gets a refund\nwithin 30 days.', source: 'refunds.md:4', score: 0.75 },
        ],
      },
    },
    async run({ query, top_k }, { signal }) {
      const hits = await abortable(index.search(query, top_k), signal);
      return {
        results: hits.map(({ snippet, path, line, score }) => ({
          snippet,
          source: `${path}:${line}`,
          score,
        })),
      };
    },
  };
}
