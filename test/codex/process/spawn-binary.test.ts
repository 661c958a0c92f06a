import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { spawnBinary, type SpawnedBinary } from '../../../src/codex/process/spawn-binary.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function start(path: string, ...args: string[]): SpawnedBinary {
  return spawnBinary(path, args, { environment: {}, stdin: 'pipe', stderr: 'pipe', detached: false });
}

it('gives the output, the code and no other environment than the given one', async () => {
  const child = start('/bin/sh', '-c', 'read line; echo "$line$HOME"; echo bad >&2; exit 3');
  child.stdin.end('hello\n');
  expect(await Promise.all([text(child.stdout), text(child.stderr), child.ended])).toEqual([
    'hello\n',
    'bad\n',
    { code: 3, signal: undefined },
  ]);
});

it('names the signal that ended a process', async () => {
  const child = start('/bin/sh', '-c', 'kill -TERM $$');
  expect(await child.ended).toEqual({ code: undefined, signal: 'SIGTERM' });
});

it.each([
  ['a missing file', 'missing'],
  ['a file that may not be run', 'text'],
  ['a path through a file', 'text/codex'],
])('ends without a code and without output for %s', async (_, name) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'text'), '', { mode: 0o644 });
  const child = start(join(folder, name));
  child.stdin.on('error', () => {}).end('input');
  expect(await text(child.stdout)).toBe('');
  expect(await child.ended).toEqual({ code: undefined, signal: undefined });
  expect(child.pid).toBeUndefined();
  child.kill('SIGTERM');
});
