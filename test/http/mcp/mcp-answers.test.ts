import { expect, it } from 'vitest';
import { createFakeTool } from '../../support/fake-tool.ts';
import { mcpFetch, modernCall } from '../../support/mcp-requests.ts';
import { serveTools } from '../../support/serve-tools.ts';

const REAL = { title: 'the world', dry_run: false };
const YES = { confirm: { action: 'accept', content: { confirm: true } } };

/** Serves a tool that changes something, and calls it as a client of 2026-07-28 does. */
async function serveChange() {
  const { tool, runs } = createFakeTool();
  const { origin } = await serveTools({ tools: [tool] });
  async function call(given: object, answer: object = {}, token = 'all') {
    const response = await mcpFetch(origin, { ...modernCall('fake_change', given, answer), token });
    // oxlint-disable-next-line typescript/no-explicit-any
    return ((await response.json()) as { result: any }).result;
  }
  return { call, runs };
}

it('an answer of a person counts for the very call that was asked about, once, and for its key alone', async () => {
  const { call, runs } = await serveChange();
  const asked = await call(REAL);
  expect(asked).toMatchObject({
    resultType: 'input_required',
    inputRequests: { confirm: { method: 'elicitation/create', params: { message: 'Change the world?' } } },
  });
  const answer = { inputResponses: YES, requestState: asked.requestState };
  expect((await call(REAL, answer, 'tools')).resultType).toBe('input_required');
  expect(runs).toHaveLength(0);
  expect(await call({ dry_run: false, title: 'the world' }, answer)).toMatchObject({
    resultType: 'complete',
    structuredContent: REAL,
  });
  // The same answer again asks again.
  expect((await call(REAL, answer)).resultType).toBe('input_required');
  expect(runs).toHaveLength(1);
});

it('an answer for other arguments, with another state or without one, asks again and changes nothing', async () => {
  const { call, runs } = await serveChange();
  for (const change of [
    { given: { ...REAL, title: 'something else' }, state: undefined },
    { given: { ...REAL, confirm: true }, state: undefined },
    { given: REAL, state: 'x'.repeat(32) },
    { given: REAL, state: '' },
  ]) {
    const { requestState } = await call(REAL);
    const answer = { inputResponses: YES, requestState: change.state ?? requestState };
    expect((await call(change.given, answer)).resultType).toBe('input_required');
  }
  expect((await call(REAL, { inputResponses: YES })).resultType).toBe('input_required');
  expect(runs).toHaveLength(0);
});
