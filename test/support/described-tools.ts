import { z } from 'zod';
import { createRepoHygiene } from '../../src/tools/hygiene/repo-hygiene.ts';
import { createKbSearch } from '../../src/tools/knowledge/kb-search.ts';
import {
  CREATE_PR_EXAMPLE,
  createPrInput,
  createPrOutput,
} from '../../src/tools/pull-requests/create-pr-schema.ts';
import { createTestsRun } from '../../src/tools/test-runs/tests-run.ts';
import { gatedTool, sampleTool } from './internal-tool.ts';

/** A tree, whose schema refers to itself. */
const tree = z.strictObject({
  name: z.string(),
  get children() {
    return z.array(tree).default([]);
  },
});

/** Tools for tests of the description of the API: those of the gateway by their schemas, and one of another shape. */
export const DESCRIBED_TOOLS = [
  createKbSearch({ search: async () => [] }),
  createRepoHygiene(),
  createTestsRun({ names: ['unit'], run: async () => [], close: async () => {} }),
  gatedTool({
    name: 'git.create_pr',
    path: '/git/create-pr',
    input: createPrInput,
    output: createPrOutput,
    example: CREATE_PR_EXAMPLE,
  }),
  sampleTool({ input: z.strictObject({ tree }), output: z.strictObject({ tree }) }),
];
