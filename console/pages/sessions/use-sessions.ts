import { useCallback, useEffect, useState } from 'preact/hooks';
import type { SessionChange } from '../../../src/console/contract/sessions.ts';
import { connection, onEvent } from '../../api/events.ts';
import { request } from '../../api/request.ts';

/** A session in the list. */
export type ListedSession = Omit<SessionChange, 'waiting'>;

interface SessionList {
  /** The last updated one first; undefined until they are read. */
  readonly sessions: readonly ListedSession[] | undefined;
  readonly problem: string;
  /** Reads further ones; undefined if there are none. */
  readonly more: (() => Promise<void>) | undefined;
}

interface SessionPage {
  readonly sessions: readonly ListedSession[];
  readonly next: string | null;
}

/** Reads the sessions of this browser's owner and follows their changes. */
export function useSessions(): SessionList {
  const [known, setKnown] = useState<ReadonlyMap<string, ListedSession>>();
  const [next, setNext] = useState<string | null>(null);
  const [problem, setProblem] = useState('');
  const isOpen = connection.value === 'open';

  const read = useCallback(async (after: string | null) => {
    try {
      const page = await request<SessionPage>(
        `chat/sessions?limit=30${after === null ? '' : `&after=${after}`}`,
      );
      const read = page.sessions.map((session) => [session.id, session] as const);
      setKnown((before) => new Map([...(after === null ? [] : (before ?? [])), ...read]));
      setNext(page.next);
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, []);

  useEffect(() => {
    // Changes are not repeated after a lost connection.
    if (isOpen) void read(null);
  }, [isOpen, read]);
  useEffect(() => {
    const ends = [
      onEvent('session', (changed) => setKnown((before) => new Map(before).set(changed.id, changed))),
      onEvent('session_removed', ({ id }) =>
        setKnown((before) => new Map([...(before ?? [])].filter(([other]) => other !== id))),
      ),
    ];
    return () => ends.forEach((end) => end());
  }, []);

  const sessions = known && [...known.values()].toSorted((one, other) => other.updated_at - one.updated_at);
  return { sessions, problem, more: next === null ? undefined : () => read(next) };
}
