import { expect, it } from 'vitest';
import { z } from 'zod';
import { encodeProblem } from '../../src/http/tools/encode-problem.ts';
import { notAllowed } from '../../src/tools/refusals.ts';
import { callOf, sampleTool } from '../support/internal-tool.ts';
import { openTestTools } from '../support/open-test-tools.ts';

const input = z.strictObject({
  query: z.string().min(1),
  nested: z.strictObject({ size: z.int() }).default({ size: 1 }),
});

it('arguments that are wrong in several places name every field, those that do not exist first', async () => {
  const tool = sampleTool({ input });
  const { service } = await openTestTools({ tools: [tool] });
  const call = callOf(tool, { query: 5, qeury: 'a', nested: { size: 'big', 'a/b': 1 } });
  const error = await service.prepare(call).catch((reason: unknown) => reason);
  expect(encodeProblem(error)).toMatchObject({
    status: 400,
    body: {
      detail: expect.stringContaining("'qeury': There is no such field. Did you mean 'query'?"),
      errors: [
        { pointer: '#/nested/a~1b', detail: 'There is no such field.' },
        { pointer: '#/qeury', detail: "There is no such field. Did you mean 'query'?" },
        { pointer: '#/query', detail: 'Expected string, received number.' },
        { pointer: '#/nested/size' },
      ],
    },
  });
});

it('arguments that are not an object are a problem of the whole body', async () => {
  const tool = sampleTool({ input });
  const { service } = await openTestTools({ tools: [tool] });
  const error = await service.prepare(callOf(tool, [1])).catch((reason: unknown) => reason);
  expect(encodeProblem(error)).toMatchObject({ status: 400, body: { errors: [{ pointer: '#' }] } });
});

it('a value that is not allowed is refused with the list of those that are', () => {
  const refusal = notAllowed({
    field: 'repo',
    kind: 'repository',
    value: 'a/x',
    allowed: ['a/b', 'c/d'],
  });
  expect(encodeProblem(refusal)).toMatchObject({
    status: 403,
    body: {
      detail: "The repository 'a/x' is not allowed. Allowed: a/b, c/d.",
      errors: [{ pointer: '#/repo' }],
    },
  });
});

it('a tool that is off is missing from the list, and its path and name say what switches it on', async () => {
  const missing = [{ name: 'kb.search', path: '/kb/search', key: 'tools.knowledge' }];
  const { service } = await openTestTools({ missing });
  for (const word of ['kb.search', '/kb/search']) {
    expect(service.explainMissing(word)).toMatch(/tools\.knowledge/);
  }
  expect(service.explainMissing('/kb')).toBeUndefined();
});
