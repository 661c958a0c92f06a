import { isBusy } from './file-problem.ts';
import { loadSqlite } from './load-sqlite.ts';

/**
 * Makes a table in another program's SQLite file ignore every row that is inserted from now on. Returns false if that
 * program is writing at the moment; throws if there is no such table.
 */
export async function ignoreRows(path: string, table: string): Promise<boolean> {
  const { DatabaseSync } = await loadSqlite();
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // The change may be lost if the machine fails, so nothing waits for the disk.
    database.exec('PRAGMA synchronous = OFF');
    database.exec(
      `CREATE TRIGGER IF NOT EXISTS codex_gateway_ignores_rows BEFORE INSERT ON "${table}"
       BEGIN SELECT RAISE(IGNORE); END`,
    );
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    database.close();
  }
}
