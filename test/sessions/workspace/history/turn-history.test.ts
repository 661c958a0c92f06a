import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTurnHistory } from '../../../../src/sessions/workspace/history/turn-history.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const LIMITS = { files: 20_000, bytes: 200e6, fileBytes: 50e6, days: 14 };

it('undo gives back what a turn edited, created, deleted, renamed and made executable', async () => {
  const workspace = temporaryFolder();
  const history = createTurnHistory({ folder: temporaryFolder(), limits: LIMITS, leftOut: [] });
  const at = (path: string) => join(workspace, path);
  for (const name of ['edited', 'deleted', 'renamed', 'run'])
    writeFileSync(at(name), `${name}\r\nno newline`);

  await history.begin('turn', workspace);
  writeFileSync(at('edited'), 'other');
  rmSync(at('deleted'));
  execFileSync('mv', [at('renamed'), at('new name')]);
  chmodSync(at('run'), 0o755);
  mkdirSync(at('made/below'), { recursive: true });
  writeFileSync(at('made/below/file'), 'new\n');
  await history.end('turn');
  expect((await history.describe(['turn'])).diff).toContain('--- /dev/null\n+++ b/made/below/file\n');

  await history.undo(['turn']);
  expect(
    execFileSync('find', ['.'], { cwd: workspace, encoding: 'utf8' }).trim().split('\n').toSorted(),
  ).toEqual(['.', './deleted', './edited', './renamed', './run']);
  for (const name of ['edited', 'deleted', 'renamed', 'run']) {
    expect(readFileSync(at(name), 'utf8')).toBe(`${name}\r\nno newline`);
    expect(statSync(at(name)).mode & 0o777).toBe(0o644);
  }
});
