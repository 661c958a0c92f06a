import { abortable } from '../../../base/async/abort.ts';

export interface HeldLists<T> {
  /**
   * Resolves to the list of an account: the one that is held, or a new one after ten minutes. If that cannot be
   * read, the earlier one is used; without one, rejects with the error of reading it.
   * @param read Reads the list, for all callers that wait for it. None of them aborts it.
   */
  read(account: string, read: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Returns the list that is held for an account, however old it is. */
  held(account: string): T | undefined;
  /** Returns true if a list that is held, for any account, passes a test. */
  some(test: (list: T) => boolean): boolean;
}

/** Milliseconds for which a list is not read again. */
const FRESH_MS = 10 * 60_000;
/** Milliseconds until the next attempt to read a list that could not be read again. */
const RETRY_MS = 30_000;
/** Maximum accounts whose lists are held; callers may send tokens of their own. */
const MAX_ACCOUNTS = 20;

interface Entry<T> {
  list?: T;
  /** Milliseconds since 1970. */
  freshUntilMs: number;
  reading?: Promise<T> | undefined;
}

/**
 * Creates the lists of models of all accounts.
 * @param onKept Called with the error for which a list stays that is older than ten minutes.
 */
export function createHeldLists<T>(onKept: (error: unknown) => void): HeldLists<T> {
  /** The account that was used last is the last. */
  const entries = new Map<string, Entry<T>>();

  function entryOf(account: string): Entry<T> {
    const entry = entries.get(account) ?? { freshUntilMs: 0 };
    entries.delete(account);
    entries.set(account, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ACCOUNTS) break;
      entries.delete(oldest);
    }
    return entry;
  }

  return {
    async read(account, read, signal) {
      const entry = entryOf(account);
      if (entry.list !== undefined && Date.now() < entry.freshUntilMs) return entry.list;
      entry.reading ??= readInto(entry, read, onKept).finally(() => (entry.reading = undefined));
      return await abortable(entry.reading, signal);
    },
    held: (account) => entries.get(account)?.list,
    some: (test) => [...entries.values()].some(({ list }) => list !== undefined && test(list)),
  };
}

async function readInto<T>(
  entry: Entry<T>,
  read: () => Promise<T>,
  onKept: (error: unknown) => void,
): Promise<T> {
  try {
    const list = await read();
    entry.list = list;
    entry.freshUntilMs = Date.now() + FRESH_MS;
    return list;
  } catch (error) {
    if (entry.list === undefined) throw error;
    entry.freshUntilMs = Date.now() + RETRY_MS;
    onKept(error);
    return entry.list;
  }
}
