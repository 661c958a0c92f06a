import { useEffect } from 'preact/hooks';
import { followEvents } from '../api/events.ts';
import { followSignIns, session } from './session.ts';
import { Shell } from './shell.tsx';
import { SignedOut } from './signed-out.tsx';

/** Shows the way in to a browser that is signed out, and the pages to one that is signed in. */
export function App() {
  useEffect(followSignIns, []);
  const me = session.value;
  const isIn = typeof me === 'object';
  useEffect(() => {
    if (!isIn) return;
    const stop = new AbortController();
    void followEvents(stop.signal);
    return () => stop.abort();
  }, [isIn]);
  if (me === 'unknown') return null;
  return typeof me === 'object' ? <Shell me={me} /> : <SignedOut />;
}
