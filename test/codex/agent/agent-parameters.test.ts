import { expect, it } from 'vitest';
import { threadParams, turnParams } from '../../../src/codex/agent/agent-parameters.ts';

it('a place of the gateway that lies in another one is hidden with it, and not named again', async () => {
  const forbidden = [
    '/conf/codex-gateway',
    '/conf/codex-gateway/config.json',
    '/conf/codex-gateway-2',
    '/own',
  ];
  const { config } = await threadParams(
    { workspace: '/ws' },
    { forbidden, readOnly: [], mayEscalate: false },
  );
  expect(config).toHaveProperty(['permissions.gateway_read', 'filesystem'], {
    ':root': 'read',
    '/conf/codex-gateway': 'deny',
    '/conf/codex-gateway-2': 'deny',
    '/own': 'deny',
  });
});

it('Codex asks about the tools that are named to it, and no setting but that of the tools is touched', async () => {
  const limits = { forbidden: [], readOnly: [], mayEscalate: false };
  const tools = { name: 'gateway_tools', url: 'http://127.0.0.1:1/mcp', key: 'key-of-a-session' };
  const { config: plain } = await threadParams({ workspace: '/ws' }, limits);
  const options = { workspace: '/ws', tools: { ...tools, asked: ['tests_run'] } };
  expect((await threadParams(options, limits)).config).toEqual({
    ...plain,
    'mcp_servers.gateway_tools': {
      url: 'http://127.0.0.1:1/mcp',
      http_headers: { Authorization: 'Bearer key-of-a-session' },
      startup_timeout_sec: expect.any(Number),
      tool_timeout_sec: expect.any(Number),
      default_tools_approval_mode: 'approve',
      tools: { tests_run: { approval_mode: 'prompt' } },
    },
  });
});

it('a turn without a review lets the tools of the gateway ask, and nothing else', () => {
  const turn = { input: [], review: 'none', sandbox: 'workspace-write' } as const;
  expect(turnParams(turn).approvalPolicy).toBe('never');
  const { approvalPolicy } = turnParams(turn, true);
  expect(approvalPolicy).toEqual({ granular: expect.objectContaining({ mcp_elicitations: true }) });
  const { mcp_elicitations: _, ...others } = (approvalPolicy as { granular: Record<string, boolean> })
    .granular;
  expect(new Set(Object.values(others))).toEqual(new Set([false]));
  expect(turnParams({ ...turn, isPlan: true }, true).approvalPolicy).toBe('never');
  expect(turnParams({ ...turn, review: 'edits' }, true).approvalPolicy).toBe('on-request');
});
