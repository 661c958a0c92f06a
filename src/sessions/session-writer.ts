import type { SessionSaved, SessionStore, StoredSession } from '../conversation/ports/session-store.ts';

/** Writes one session to the store, one change after another. */
export interface SessionWriter {
  /** Saves the session as it is when its turn to be written comes. */
  save(): Promise<SessionSaved>;
  /** Saves it soon, together with other changes of the moment; a failure is tried again with the next change. */
  saveSoon(): void;
  /** Makes a change once everything before it is written. */
  write<T>(change: (store: SessionStore) => Promise<T>): Promise<T>;
  /** Resolves once everything is written. */
  flush(): Promise<void>;
}

/** @param read Returns the session as it is now. */
export function createSessionWriter(store: SessionStore, read: () => StoredSession): SessionWriter {
  let last: Promise<unknown> = Promise.resolve();
  let isDue = false;

  function write<T>(change: (store: SessionStore) => Promise<T>): Promise<T> {
    const written = last.then(() => change(store));
    last = written.catch(() => {});
    return written;
  }
  const save = () =>
    write(async () => {
      isDue = false;
      return await store.saveSession(read());
    });

  return {
    save,
    saveSoon() {
      if (isDue) return;
      isDue = true;
      // The store reports its failures itself.
      save().catch(() => {});
    },
    write,
    flush: async () => void (await last),
  };
}
