import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ChangedArea } from '../../src/console/contract/events.ts';
import { connection, onEvent } from '../api/events.ts';
import { ApiError } from '../api/api-error.ts';
import { request } from '../api/request.ts';

/** State of something that is loaded from the gateway. */
export interface Loaded<T> {
  readonly value: T | undefined;
  /** A sentence that says why it could not be loaded; '' if it was, and while the page itself says that the connection is lost. */
  readonly problem: string;
  set(value: T): void;
  reload(): Promise<void>;
}

/** Loads the answer of `GET path`, and again whenever events were missed or something in its area has changed. */
export function useLoaded<T>(path: string, area?: ChangedArea): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [problem, setProblem] = useState<Error>();
  // An answer that was overtaken by a later one, or by a change, is out of date.
  const latest = useRef(0);
  const set = useCallback((next: T) => {
    latest.current += 1;
    setValue(() => next);
    setProblem(undefined);
  }, []);
  const reload = useCallback(async () => {
    latest.current += 1;
    const own = latest.current;
    const isCurrent = () => own === latest.current;
    try {
      const loaded = await request<T>(path);
      if (isCurrent()) set(loaded);
    } catch (error) {
      if (isCurrent()) setProblem(error as Error);
    }
  }, [path, set]);
  useEffect(() => {
    void reload();
    const stops = [
      onEvent('resync', () => void reload()),
      onEvent('changed', (change) => {
        if (change.area === area) void reload();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [reload, area]);
  const state = connection.value;
  const isUnreached = problem instanceof ApiError && problem.code === 'unreachable';
  useEffect(() => {
    // No event tells of what was never loaded.
    if (isUnreached && state === 'open') void reload();
  }, [isUnreached, state, reload]);
  const isSaid = isUnreached && state === 'lost';
  return { value, problem: isSaid ? '' : (problem?.message ?? ''), set, reload };
}
