import type { Store } from '../conversation/ports/store.ts';
import type { Items } from './items.ts';
import { noteUse } from './note-use.ts';
import { USE_GRAIN, type Scope } from './scope.ts';
import { read } from './database/transaction.ts';

/** Finds items by id, wherever they are held; that counts as a use of what holds them. */
export function prepareFindItems({ database, caller, now }: Scope, items: Items): Store['findItems'] {
  const touches = (['response', 'conversation'] as const).map((holder) =>
    database.prepare(
      `UPDATE ${holder}s SET used_at = ? WHERE used_at < ? AND key IN (
         SELECT ${holder} FROM items WHERE caller = ? AND id IN (SELECT value FROM json_each(?))
       )`,
    ),
  );
  return async (ids) => {
    const time = now();
    for (const touch of touches) {
      noteUse(database, () => touch.run(time, time - USE_GRAIN, caller, JSON.stringify(ids)));
    }
    return read(database, () => items.find(ids));
  };
}
