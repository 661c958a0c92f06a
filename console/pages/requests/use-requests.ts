import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { RequestEvent, RequestPage } from '../../../src/console/contract/requests.ts';
import { connection, onEvent } from '../../api/events.ts';
import { request } from '../../api/request.ts';
import { ALL, listPath, PAGE_SIZE, type RequestFilter } from './filter.ts';
import { countRequests, followRequests, type RequestList } from './follow-requests.ts';

/** The list of requests, which follows what happens. */
export interface Requests {
  readonly page: RequestPage | undefined;
  /** A sentence that says why it could not be loaded; '' if it was. */
  readonly problem: string;
  /** Number of requests that came since the list was loaded, and are not in it. */
  readonly leftOut: number;
  reload(): Promise<void>;
  loadMore(): Promise<void>;
}

/** Milliseconds between two looks at a filtered list, in which only the gateway knows what belongs. */
const LOOK_MS = 1000;

/** Loads the requests that match a filter, and keeps them up to date unless the person has paused that. */
export function useRequests(filter: RequestFilter, isPaused: boolean): Requests {
  const [list, setList] = useState<RequestList>();
  const [problem, setProblem] = useState('');
  const [size, setSize] = useState(PAGE_SIZE);
  const path = listPath(filter, size);
  const isAll = path === listPath(ALL, size);
  /** Returns the list with what an event tells of it; only the gateway knows what belongs into one with a filter. */
  function follow(known: RequestList, event: RequestEvent): RequestList {
    if (isPaused) return countRequests(known, event);
    return isAll ? followRequests(known, event, size) : known;
  }
  const latest = useRef({ path, follow });
  latest.current = { path, follow };
  /** Events that came while a list was on its way, which it may lack; for each such list. */
  const missed = useRef(new Set<RequestEvent[]>());
  const reload = useCallback(async () => {
    const events: RequestEvent[] = [];
    missed.current.add(events);
    try {
      const page = await request<RequestPage>(path);
      if (latest.current.path !== path) return;
      setList(events.reduce(latest.current.follow, { page, leftOut: 0 }));
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      missed.current.delete(events);
    }
  }, [path]);
  const isLost = connection.value === 'lost';
  useEffect(() => {
    // The list is read again once the connection is back, since nothing of the meantime may have been sent.
    if (!isLost) void reload();
    return onEvent('resync', () => void reload());
  }, [reload, isLost]);
  useEffect(() => {
    const looksAgain = !isAll && !isPaused;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent('request', (event) => {
      for (const events of missed.current) events.push(event);
      setList((known) => known && latest.current.follow(known, event));
      if (looksAgain) timer ??= setTimeout(() => ((timer = undefined), void reload()), LOOK_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [isAll, isPaused, reload]);
  const loadMore = async () => setSize((known) => known + PAGE_SIZE);
  return { page: list?.page, problem, leftOut: list?.leftOut ?? 0, reload, loadMore };
}
