import { useEffect, useState } from 'preact/hooks';

/** Returns the time in Unix milliseconds, which goes on once a second while somebody sees that. */
export function useNow(isWatched: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWatched) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, 1000);
    return () => clearInterval(timer);
  }, [isWatched]);
  return now;
}
