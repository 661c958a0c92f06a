import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('chaos.ts', import.meta.url));

it('a minute of faults under mixed traffic loses, mixes up and leaves behind nothing', async () => {
  const args = [SCRIPT, '--seconds', '60', '--seed', '1', '--clients', '2', '--once'];
  const outcome = await promisify(execFile)(process.execPath, args).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ stdout: expect.stringContaining('Every invariant held.') as string });
}, 600_000);
