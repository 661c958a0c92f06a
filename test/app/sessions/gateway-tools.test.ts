import { expect, it } from 'vitest';
import { createGatewayTools } from '../../../src/app/sessions/gateway-tools.ts';
import type { AnyTool } from '../../../src/tools/tool.ts';

/** A tool as far as sessions look at it. */
function toolOf(name: string, readOnlyHint: boolean, gate?: object): AnyTool {
  return { name, annotations: { readOnlyHint }, ...(gate && { gate }) } as Partial<AnyTool> as AnyTool;
}

function open() {
  const ended: string[] = [];
  const tools = createGatewayTools({
    origin: 'http://[::1]:8000',
    parts: () => ({
      access: {
        makeSessionKey: async ({ id, owner }) => `key of ${id} for ${owner}`,
        endSessionKey: (id) => (id === 'known' ? 'session:known' : undefined),
      },
      tools: {
        service: {
          tools: [toolOf('kb.search', true), toolOf('tests.run', false), toolOf('git.create_pr', false, {})],
        },
        mcp: { endSessionsOf: async (caller) => void ended.push(caller) },
      },
    }),
  });
  return { tools, ended };
}

const SESSION = { id: 'known', owner: 'main' };

it('Codex asks about tools that neither only read nor ask a person themselves, unless the session asks for nothing', async () => {
  const { tools } = open();
  const given = { name: 'gateway_tools', url: 'http://[::1]:8000/mcp', key: 'key of known for main' };
  for (const review of ['edits', 'commands'] as const)
    expect(await tools.open({ ...SESSION, review })).toEqual({ ...given, asked: ['tests_run'] });
  expect(await tools.open({ ...SESSION, review: 'none' })).toEqual({ ...given, asked: [] });
});

it('what is open with the key of a session ends with it', () => {
  const { tools, ended } = open();
  tools.forget('other');
  tools.forget('known');
  expect(ended).toEqual(['session:known']);
});
