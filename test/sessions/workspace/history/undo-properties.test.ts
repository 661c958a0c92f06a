import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createTurnHistory,
  type TurnHistory,
} from '../../../../src/sessions/workspace/history/turn-history.ts';
import { UndoConflictError } from '../../../../src/sessions/workspace/history/undo-errors.ts';
import { edit, randomEdits, type RandomEdit } from '../../../support/random-edits.ts';
import { readTree } from '../../../support/read-tree.ts';
import { createFolder } from '../../../support/temporary-folder.ts';
import { runCount } from '../../../support/run-count.ts';

const LIMITS = { files: 20_000, bytes: 200e6, fileBytes: 50e6, days: 14 };

interface Trial {
  readonly workspace: string;
  readonly history: TurnHistory;
}

/** Runs a trial in a workspace and a history of its own. */
async function withHistory(
  first: readonly RandomEdit[],
  run: (trial: Trial) => Promise<void>,
): Promise<void> {
  const folder = createFolder();
  try {
    const workspace = join(folder, 'workspace');
    edit(folder, [{ kind: 'folder', path: 'workspace', other: '', content: new Uint8Array(), mode: 0o755 }]);
    edit(workspace, first);
    await run({
      workspace,
      history: createTurnHistory({ folder: join(folder, 'history'), limits: LIMITS, leftOut: [] }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeTurn({ workspace, history }: Trial, id: string, edits: readonly RandomEdit[]) {
  await history.begin(id, workspace);
  edit(workspace, edits);
  return (await history.end(id))!;
}

it('undo of any number of turns gives back an identical tree, whatever they edited', async () => {
  await fc.assert(
    fc.asyncProperty(randomEdits, randomEdits, randomEdits, fc.boolean(), async (first, one, two, both) => {
      await withHistory(first, async (trial) => {
        const before = readTree(trial.workspace);
        await takeTurn(trial, 'one', one);
        const between = readTree(trial.workspace);
        await takeTurn(trial, 'two', two);
        await trial.history.undo(both ? ['two', 'one'] : ['two']);
        expect(readTree(trial.workspace)).toEqual(both ? before : between);
      });
    }),
    runCount(15),
  );
});

it('undo refuses as a whole or touches nothing but what the turn changed, whatever others edited since', async () => {
  await fc.assert(
    fc.asyncProperty(randomEdits, randomEdits, randomEdits, fc.boolean(), async (first, one, two, again) => {
      await withHistory(first, async (trial) => {
        const before = readTree(trial.workspace);
        const { changes } = await takeTurn(trial, 'one', one);
        edit(trial.workspace, two);
        // Others like to edit the same files.
        edit(trial.workspace, again ? one.slice(-2).map((entry) => ({ ...entry, kind: 'write' })) : []);
        const since = readTree(trial.workspace);
        const changed = new Set(changes.map(({ path }) => path));
        const result = await trial.history.undo(['one']).catch((error: unknown) => error);
        const now = readTree(trial.workspace);
        if (result instanceof UndoConflictError) {
          expect(now).toEqual(since);
          expect(result.paths.length).toBeGreaterThan(0);
          return;
        }
        expect(result).toBeInstanceOf(Array);
        for (const path of new Set([...Object.keys(since), ...Object.keys(now)])) {
          // A folder stays if somebody else has put something into it, and is made for what is put back.
          const isFolder = [since[path], now[path]].some((entry) => entry?.startsWith('folder'));
          if (!isFolder)
            expect([path, now[path]]).toEqual([path, (changed.has(path) ? before : since)[path]]);
        }
      });
    }),
    runCount(15),
  );
});
