import { useCallback, useEffect, useState } from 'preact/hooks';
import { onEvent } from '../api/events.ts';
import { request } from '../api/request.ts';

/** State of something that is loaded from the gateway. */
export interface Loaded<T> {
  readonly value: T | undefined;
  /** A sentence that says why it could not be loaded; '' if it was. */
  readonly problem: string;
  set(value: T): void;
  reload(): Promise<void>;
}

/** Loads the answer of `GET path`, and again whenever events were missed. */
export function useLoaded<T>(path: string): Loaded<T> {
  const [value, set] = useState<T>();
  const [problem, setProblem] = useState('');
  const reload = useCallback(async () => {
    try {
      set(await request<T>(path));
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, [path]);
  useEffect(() => {
    void reload();
    return onEvent('resync', () => void reload());
  }, [reload]);
  return { value, problem, set, reload };
}
