import { expect, it } from 'vitest';
import { threadParams } from '../../../src/codex/agent/agent-parameters.ts';

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
