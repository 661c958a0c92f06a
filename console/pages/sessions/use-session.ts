import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { SessionEvent } from '../../../src/sessions/events/session-event.ts';
import type { SessionBody } from '../../../src/sessions/events/session-shape.ts';
import { followSession, onEvent } from '../../api/events.ts';
import { request } from '../../api/request.ts';
import { createTranscript, type TranscriptView } from './transcript.ts';

export interface OpenSession {
  /** Undefined until it is read. */
  readonly session: SessionBody | undefined;
  readonly view: TranscriptView;
  /** A sentence that says why it cannot be shown; '' if it can. */
  readonly problem: string;
}

/** Milliseconds in which events are gathered before they are shown. */
const GATHER_MS = 40;

/** Reads a session and follows what happens in it. */
export function useSession(id: string): OpenSession {
  const transcript = useRef(createTranscript());
  const [view, setView] = useState(() => transcript.current.view());
  const [session, setSession] = useState<SessionBody>();
  const [problem, setProblem] = useState('');
  const load = useCallback(async () => {
    try {
      const { session: read } = await request<{ session: SessionBody }>(`chat/sessions/${id}`);
      transcript.current.load(read);
      setSession(read);
      setView(transcript.current.view());
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, [id]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setView(transcript.current.view());
    };
    const ends = [
      onEvent('session_event', ({ session: from, event }) => {
        if (from !== id) return;
        const told = event as SessionEvent;
        if (told.type === 'resync') {
          // What was too slow is taken up where it was.
          if (told.reason !== 'too_slow') void load();
          return;
        }
        transcript.current.add(told);
        timer ??= setTimeout(show, GATHER_MS);
      }),
      onEvent('session_removed', (removed) => {
        if (removed.id === id) setProblem('This session was deleted.');
      }),
      onEvent('resync', () => void load()),
      followSession(id),
    ];
    void load();
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [id, load]);
  return { session, view, problem };
}
