import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { DESCRIBED_TOOLS } from '../../support/described-tools.ts';
import { serveTools } from '../../support/serve-tools.ts';

async function lint(description: object): Promise<string[]> {
  const problems = await lintFromString({
    source: JSON.stringify(description),
    absoluteRef: 'openapi.json',
    config: await createConfig({ extends: ['recommended'] }),
  });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`);
}

it('the description is OpenAPI 3.1 without an error or warning of the rules that redocly recommends', async () => {
  const { ask } = await serveTools({ tools: DESCRIBED_TOOLS });
  const { body } = await ask('/tools/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(await lint(body)).toEqual([]);
  body.paths['/tools/v1/repo/hygiene'].post.requestBody.content['application/json'].example.diff = 5;
  expect(await lint(body)).toEqual([expect.stringContaining('no-invalid-media-type-examples')]);
});
