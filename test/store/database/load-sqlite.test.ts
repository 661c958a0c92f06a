import { expect, it } from 'vitest';
import { loadSqlite } from '../../../src/store/database/load-sqlite.ts';

it('restores process.emitWarning even when two callers load it at once', async () => {
  const { emitWarning } = process;
  const [first, second] = await Promise.all([loadSqlite(), loadSqlite()]);
  expect(first.DatabaseSync).toBe(second.DatabaseSync);
  expect(process.emitWarning).toBe(emitWarning);
});
