import { expect, it } from 'vitest';
import { loadSqlite } from '../../src/store/load-sqlite.ts';

it('leaves the warnings of the process as they were, also where two load it at once', async () => {
  const { emitWarning } = process;
  const [first, second] = await Promise.all([loadSqlite(), loadSqlite()]);
  expect(first.DatabaseSync).toBe(second.DatabaseSync);
  expect(process.emitWarning).toBe(emitWarning);
});
