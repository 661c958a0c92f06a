import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { COMPILE_CACHE } from '../support/command-line.ts';

const SCRIPT = fileURLToPath(new URL('chaos.ts', import.meta.url));

it('each fault once under mixed traffic loses, mixes up and leaves behind nothing', async () => {
  const args = [SCRIPT, '--seconds', '60', '--seed', '1', '--clients', '2', '--once'];
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
  const outcome = await promisify(execFile)(process.execPath, args, { env }).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ stdout: expect.stringContaining('Every invariant held.') as string });
}, 600_000);
