import { expect, it } from 'vitest';
import { explained } from '../../../src/codex/agent/agent-errors.ts';
import { RpcError } from '../../../src/codex/protocol/rpc-error.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

it.each([
  [
    'No models are available. Set `model` explicitly or check your model catalog configuration.',
    'invalid_request',
    'Codex refuses thread/start: No models are available. Set `model` explicitly or check your model catalog configuration.',
  ],
  [
    'failed to load configuration: Model provider `missing` not found',
    'codex_unavailable',
    "Codex cannot load the user's configuration: Model provider `missing` not found.",
  ],
  [
    'failed to load configuration: /home/me/my codex/config.toml:7:7: extra `=`, expected nothing',
    'codex_unavailable',
    "Codex cannot load the user's configuration: … config.toml:7:7: extra `=`, expected nothing.",
  ],
  [
    'failed to load configuration: /home/me/.codex/config.toml:8:11: invalid type: string "a \\" key", expected a map\n  in `x`',
    'codex_unavailable',
    "Codex cannot load the user's configuration: config.toml:8:11: invalid type: a string, expected a map.",
  ],
  [
    'https://host/v1?key=1 has refused sk-abcdefgh (see ~/.codex/log/x)',
    'invalid_request',
    'Codex refuses thread/start: … has refused … (see …).',
  ],
  ['', 'invalid_request', 'Codex refuses thread/start.'],
])(
  'a refusal by Codex says its cause, without paths, addresses and keys: %s',
  async (text, code, message) => {
    const work = () => Promise.reject(new RpcError('refused', 'thread/start', text));
    await expect(explained(createMemoryLog(), work)).rejects.toMatchObject({ code, message });
  },
);
