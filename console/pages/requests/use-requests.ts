import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { RequestEvent, RequestPage } from '../../../src/console/contract/requests.ts';
import { connection, onEvent } from '../../api/events.ts';
import { request } from '../../api/request.ts';
import { ALL, listPath, PAGE_SIZE, type RequestFilter } from './filter.ts';
import { mergeRequests } from './merge-requests.ts';

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
  const [page, setPage] = useState<RequestPage>();
  const [problem, setProblem] = useState('');
  const [leftOut, setLeftOut] = useState(0);
  const [size, setSize] = useState(PAGE_SIZE);
  const path = listPath(filter, size);
  const wanted = useRef(path);
  wanted.current = path;
  /** Events that came while the list was on its way, which it may lack. */
  const missed = useRef<RequestEvent[]>([]);
  /** Number of the latest request that the page has heard of. */
  const newest = useRef(-1);
  const reload = useCallback(async () => {
    missed.current = [];
    try {
      const loaded = await request<RequestPage>(path);
      if (wanted.current !== path) return;
      const events = path === listPath(ALL, size) ? missed.current : [];
      newest.current = Math.max(newest.current, loaded.requests[0]?.number ?? -1);
      setPage(events.reduce((all, event) => mergeRequests(all, event, size), loaded));
      setLeftOut(0);
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, [path, size]);
  const isLost = connection.value === 'lost';
  useEffect(() => {
    // The list is read again once the connection is back, since nothing of the meantime may have been sent.
    if (!isLost) void reload();
    return onEvent('resync', () => void reload());
  }, [reload, isLost]);
  useEffect(() => {
    const isAll = path === listPath(ALL, size);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent('request', (event) => {
      const came = event.left_out + event.requests.filter(({ number }) => number > newest.current).length;
      newest.current = Math.max(newest.current, ...event.requests.map(({ number }) => number));
      if (isPaused) return setLeftOut((count) => count + came);
      if (!isAll) return void (timer ??= setTimeout(() => ((timer = undefined), void reload()), LOOK_MS));
      missed.current.push(event);
      setLeftOut((count) => count + event.left_out);
      setPage((all) => all && mergeRequests(all, event, size));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [path, size, isPaused, reload]);
  const loadMore = async () => setSize((known) => known + PAGE_SIZE);
  return { page, problem, leftOut, reload, loadMore };
}
