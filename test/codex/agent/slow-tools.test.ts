import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { act } from '../../support/agent-upstream.ts';
import { startHttpServer } from '../../support/start-http-server.ts';
import { useTestAgent } from '../../support/test-agent.ts';

/** Longer than Codex waits for a server before it begins a turn without its tools. */
const SLOW_MS = 2_000;

const RESULTS = new Map<unknown, object>([
  [
    'initialize',
    {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'slow', version: '1' },
    },
  ],
  [
    'tools/list',
    {
      tools: [
        {
          name: 'find_documents',
          description: 'Searches the documents.',
          inputSchema: { type: 'object', properties: {} },
        },
      ],
    },
  ],
]);

/** Answers a server's part of the Model Context Protocol, the list of tools late. */
async function answerSlowly(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(405).end();
  const { id, method } = (await json(request)) as { readonly id?: unknown; readonly method: string };
  if (id === undefined) return void response.writeHead(202).end();
  if (method === 'tools/list') await sleep(SLOW_MS);
  const result = RESULTS.get(method) ?? {};
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
}

describe('the tools of a session', () => {
  const agent = useTestAgent();

  const toolsAt = (url: string) => ({ name: 'gateway_tools', url, key: 'key-of-a-session', asked: [] });

  /** Runs a turn whose model looks for tools; resolves to what it found. */
  async function search({ run }: Awaited<ReturnType<typeof agent.open>>): Promise<string> {
    agent.upstream.use(act([{ toolSearch: 'documents' }], 'Done.'));
    expect(await run()).toMatchObject({ status: 'completed' });
    const { input } = agent.upstream.requests.at(-1)!.body;
    return JSON.stringify(input.findLast(({ type }) => type === 'tool_search_output'));
  }

  it('are there from the first turn on, however long Codex takes to connect to them', async () => {
    const { origin } = await startHttpServer(answerSlowly);
    const tools = toolsAt(origin);
    const opened = await agent.open({ tools });
    expect(await search(opened)).toContain('find_documents');
    await opened.thread.unload();
    expect(await search(await agent.open({ tools }, opened.thread.id))).toContain('find_documents');
  });

  it('are missing, and the log says so, if Codex cannot connect to them', async () => {
    const { origin } = await startHttpServer((_request, response) => response.writeHead(500).end());
    const opened = await agent.open({ tools: toolsAt(origin) });
    for (let turn = 1; turn <= 2; turn += 1) expect(await search(opened)).not.toContain('find_documents');
    expect(agent.log.lines.filter((line) => line.includes("connected to the gateway's tools"))).toEqual([
      expect.stringContaining('"end":"failed"'),
    ]);
  });

  it('are not waited for by a turn that is stopped meanwhile, and the model never hears of it', async () => {
    const { origin } = await startHttpServer(() => {});
    const { thread } = await agent.open({ tools: toolsAt(origin) });
    const heard = agent.upstream.requests.length;
    const stopping = new AbortController();
    const input = [{ type: 'text' as const, text: 'Go.' }];
    const turn = thread.startTurn({ input, review: 'edits', sandbox: 'workspace-write' }, stopping.signal);
    stopping.abort(new Error('stopped'));
    await expect(turn).rejects.toThrow('stopped');
    await thread.unload();
    expect(agent.upstream.requests).toHaveLength(heard);
  });
});
