import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { createFakeTool } from '../../support/fake-tool.ts';
import { serveTools } from '../../support/serve-tools.ts';

const MODES = ['legacy', 'auto'] as const;
const REAL = { title: 'the world', dry_run: false };

/** Calls the fake tool and returns its output, or the problem of a refusal. */
async function change(client: Client, given: object) {
  const result = await client.callTool({ name: 'fake_change', arguments: { ...given } });
  const [content] = result.content;
  const text = content?.type === 'text' ? content.text : '';
  const output: unknown = JSON.parse(text);
  return { isError: result.isError ?? false, output, result };
}

/** Connects a client that answers questions, and keeps them. */
async function connectWithPerson(
  connect: Awaited<ReturnType<typeof serveTools>>['connect'],
  mode: (typeof MODES)[number],
  answer: object,
) {
  const questions: unknown[] = [];
  const client = await connect(mode, {
    capabilities: { elicitation: { form: {} } },
    prepare(unconnected) {
      unconnected.setRequestHandler('elicitation/create', ({ params }) => {
        questions.push(params);
        return answer as { action: 'accept' };
      });
    },
  });
  return { client, questions };
}

describe.each(MODES)('a client in the mode %s', (mode) => {
  it('sees closed schemas, the answer in two forms, and a refusal that says what REST says', async () => {
    const { tool } = createFakeTool({
      async check({ title }) {
        if (title === 'secret') throw new GatewayError('missing_scope', 'It may not be changed.');
      },
    });
    const { connect, post } = await serveTools({ tools: [tool] });
    const client = await connect(mode);
    const [listed] = (await client.listTools()).tools;
    expect(listed).toMatchObject({
      name: 'fake_change',
      title: 'Change something',
      annotations: tool.annotations,
      inputSchema: {
        additionalProperties: false,
        required: ['title'],
        properties: {
          dry_run: { default: true },
          idempotency_key: { type: 'string', minLength: 1, maxLength: 255 },
        },
      },
      outputSchema: { additionalProperties: false },
    });
    const { result, output } = await change(client, { title: 'x' });
    expect(output).toEqual({ title: 'x', dry_run: true });
    expect(result.structuredContent).toEqual(output);
    for (const wrong of [{ title: 'secret' }, { title: 1 }, { title: 'x', other: 1 }]) {
      const refused = await change(client, wrong);
      expect(refused.isError).toBe(true);
      expect(refused.result.structuredContent).toBeUndefined();
      expect(refused.output).toEqual((await post('/fake/change', wrong)).body);
    }
    await expect(client.callTool({ name: 'no_such_tool' })).rejects.toMatchObject({ code: -32_602 });
  });

  it('that cannot ask needs `confirm`', async () => {
    const { tool, runs } = createFakeTool();
    const { connect } = await serveTools({ tools: [tool] });
    const client = await connect(mode);
    const { isError, output } = await change(client, REAL);
    expect(isError).toBe(true);
    expect(output).toMatchObject({ status: 412, detail: 'confirm=true is required when dry_run=false' });
    expect(runs).toHaveLength(0);
    expect(await change(client, { ...REAL, confirm: true })).toMatchObject({ output: REAL });
  });

  it('that can ask is asked once, and its yes is needed and enough', async () => {
    const { tool, runs } = createFakeTool();
    const { connect } = await serveTools({ tools: [tool] });
    const yes = { action: 'accept', content: { confirm: true } };
    const { client, questions } = await connectWithPerson(connect, mode, yes);
    await change(client, { title: 'x' });
    expect(questions).toEqual([]);
    expect(await change(client, REAL)).toMatchObject({ isError: false, output: REAL });
    expect(questions).toEqual([
      {
        mode: 'form',
        message: 'Change the world?',
        requestedSchema: {
          type: 'object',
          properties: { confirm: expect.objectContaining({ type: 'boolean' }) },
          required: ['confirm'],
        },
      },
    ]);
    expect(runs).toHaveLength(2);
  });

  it.each([
    ['no', { action: 'accept', content: { confirm: false } }],
    ['something else', { action: 'accept', content: {} }],
    ['decline', { action: 'decline' }],
    ['cancel', { action: 'cancel' }],
  ])('answers %s, and nothing happens, whatever the arguments say', async (_answer, answer) => {
    const { tool, runs } = createFakeTool();
    const { connect } = await serveTools({ tools: [tool] });
    const { client, questions } = await connectWithPerson(connect, mode, answer);
    const { isError, output } = await change(client, { ...REAL, confirm: true });
    expect(isError).toBe(true);
    expect(output).toMatchObject({ status: 412, detail: expect.stringContaining('Nothing was changed') });
    expect(questions).toHaveLength(1);
    expect(runs).toHaveLength(0);
  });

  it('that gives a key which is none is refused as REST does, and the audit has that', async () => {
    const { tool, runs } = createFakeTool();
    const { connect, audit } = await serveTools({ tools: [tool] });
    const client = await connect(mode);
    const { output } = await change(client, { title: 'x', idempotency_key: 5 });
    expect(output).toMatchObject({ status: 400, errors: [{ pointer: '#/idempotency_key' }] });
    expect(audit()).toMatchObject([{ outcome: '400' }]);
    expect(runs).toHaveLength(0);
  });

  it('gets progress only if it has asked for it', async () => {
    let reported = 0;
    const { tool } = createFakeTool({
      async onRun(_input, { report }) {
        report({ done: 1, total: 3, message: 'one' });
        report({ done: 1, total: 3, message: 'again' });
        reported += 1;
      },
    });
    const { connect } = await serveTools({ tools: [tool] });
    const client = await connect(mode);
    const given = { name: 'fake_change', arguments: { title: 'x' } };
    const seen: unknown[] = [];
    await client.callTool(given, { onprogress: (progress) => seen.push(progress) });
    await client.callTool(given);
    expect(seen).toEqual([{ progress: 1, total: 3, message: 'one' }]);
    expect(reported).toBe(2);
  });
});

it('a call that is cancelled while its question is open is in the audit', async () => {
  const { tool, runs } = createFakeTool();
  const { connect, audit } = await serveTools({ tools: [tool] });
  const { promise: isAsked, resolve: noteAsked } = Promise.withResolvers<void>();
  const client = await connect('legacy', {
    capabilities: { elicitation: {} },
    prepare: (prepared) =>
      prepared.setRequestHandler('elicitation/create', async () => {
        noteAsked();
        return await new Promise<never>(() => {});
      }),
  });
  const controller = new AbortController();
  const called = client.callTool({ name: 'fake_change', arguments: REAL }, { signal: controller.signal });
  await isAsked;
  controller.abort();
  await expect(called).rejects.toThrow();
  await expect.poll(audit).toMatchObject([{ dry_run: false, outcome: '499' }]);
  expect(runs).toHaveLength(0);
});

it('the question reaches a client of the older protocol that listens on no stream', async () => {
  const { tool } = createFakeTool();
  const { connect } = await serveTools({ tools: [tool] });
  const yes = { action: 'accept', content: { confirm: true } };
  // A client that declares no mode has forms.
  const client = await connect('legacy', {
    capabilities: { elicitation: {} },
    withoutStream: true,
    prepare(unconnected) {
      unconnected.setRequestHandler('elicitation/create', () => yes as { action: 'accept' });
    },
  });
  expect(await change(client, REAL)).toMatchObject({ isError: false });
});

it('a question that is open when the gateway stops is over', async () => {
  const { tool, runs } = createFakeTool();
  const { connect, mcp } = await serveTools({ tools: [tool] });
  const client = await connect('legacy', {
    capabilities: { elicitation: {} },
    prepare(unconnected) {
      unconnected.setRequestHandler('elicitation/create', async () => {
        mcp.leave();
        return await new Promise<never>(() => {});
      });
    },
  });
  expect(await change(client, REAL)).toMatchObject({ isError: true, output: { status: 503 } });
  expect(runs).toHaveLength(0);
});

it('a tool that does not exist is refused with the name that was meant', async () => {
  const { connect } = await serveTools({ tools: [createFakeTool().tool] });
  const client = await connect();
  const call = client.callTool({ name: 'fake.change', arguments: {} });
  await expect(call).rejects.toThrow("There is no tool 'fake.change'. Did you mean 'fake_change'?");
});

it('a tool that is off says which key switches it on', async () => {
  const missing = [{ name: 'git.create_pr', path: '/git/create-pr', key: 'tools.repositories' }];
  const { connect } = await serveTools({ tools: [], missing });
  const client = await connect();
  await expect(client.callTool({ name: 'git_create_pr' })).rejects.toThrow("'tools.repositories'");
});
