import type { Observation, ObservationScope } from '../../base/observation.ts';
import { isLook, type ObservedEnd } from '../../base/outcome.ts';

/** A moment of a request. */
interface RequestStep {
  /** Milliseconds since the request began. */
  readonly ms: number;
  readonly observation: StepObservation;
}

/** Observations that are moments of a request. */
export type StepObservation = Extract<Observation, { readonly type: StepType }>;

type StepType =
  | 'caller-known'
  | 'model-known'
  | 'turn-queued'
  | 'turn-admitted'
  | 'turn-run-again'
  | 'first-output'
  | 'turn-end'
  | 'further-failure'
  | 'image-refused'
  | 'copilot-rate-limited'
  | 'copilot-body-changed';

/** A request in the log, as far as it is known. */
export interface LoggedRequest {
  /** Number in the order of arrival. */
  readonly number: number;
  readonly id: string;
  /** Unix milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly steps: readonly RequestStep[];
  /** Name of the caller's token. */
  readonly key: string | undefined;
  /** The model that the caller has named, in its words. */
  readonly asked: string | undefined;
  readonly model: string | undefined;
  /** The client's program. */
  readonly client: string | undefined;
  readonly firstMs: number | undefined;
  /** Undefined while it runs. */
  readonly end: ObservedEnd | UnreadableEnd | undefined;
}

/** The end of a request that could not be read. */
type UnreadableEnd = Extract<Observation, { readonly type: 'request-unreadable' }>;

/** The latest requests, in memory. */
export interface RequestLog {
  listen(observation: Observation, scope: ObservationScope): void;
  /** Returns the requests that are held, the latest first. */
  latest(): LoggedRequest[];
  /** Returns the request with this number; undefined if it is no longer held. */
  find(number: number): LoggedRequest | undefined;
  /** Returns the latest request with this id. */
  findBegun(id: string): LoggedRequest | undefined;
  /** Calls `listener` whenever a request begins, ends or has something new to show. */
  follow(listener: (request: LoggedRequest) => void): void;
}

type Entry = {
  -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key];
} & {
  readonly steps: RequestStep[];
  /** Time of the clock that never goes back. */
  readonly begunAt: number;
};

/** Steps of a request that are held; an agent's request may have thousands. */
const MAX_STEPS = 60;

/** @param count Number of requests that are held. */
export function createRequestLog(count: number): RequestLog {
  const { add, ...ring } = createRing(count);
  const entries = new WeakMap<ObservationScope, Entry>();
  let follower: ((request: LoggedRequest) => void) | undefined;

  function begin(request: Begin, scope: ObservationScope): void {
    if (isOwn(request)) return;
    const entry = add(request);
    entries.set(scope, entry);
    follower?.(entry);
  }

  function addUnreadable(observation: UnreadableEnd): void {
    const entry = add({ id: observation.id, method: '', path: '' });
    entry.end = observation;
    follower?.(entry);
  }

  function end(observation: ObservedEnd, scope: ObservationScope): void {
    const entry = entries.get(scope);
    // A response in the background may end before the request that has started it.
    if (entry === undefined || entry.end?.type === 'response-end') return;
    entry.end = observation;
    follower?.(entry);
  }

  function step(observation: StepObservation, scope: ObservationScope): void {
    const entry = entries.get(scope);
    if (entry === undefined) return;
    const ms = performance.now() - entry.begunAt;
    if (entry.steps.length < MAX_STEPS) entry.steps.push({ ms, observation });
    if (observation.type === 'caller-known') entry.key = observation.key;
    else if (observation.type === 'model-known') entry.model = observation.model;
    else if (observation.type === 'first-output') entry.firstMs = observation.ms;
    else return;
    follower?.(entry);
  }

  function ask({ model }: Ask, scope: ObservationScope): void {
    const entry = entries.get(scope);
    if (entry === undefined) return;
    entry.asked = model;
    follower?.(entry);
  }

  const listeners = listenersOf({ begin, end, addUnreadable, step, ask });
  return {
    listen(observation, scope) {
      listeners[observation.type]?.(observation as never, scope);
    },
    ...ring,
    follow(listener) {
      follower = listener;
    },
  };
}

interface Ring {
  add(request: Pick<Begin, 'id' | 'method' | 'path' | 'client'>): Entry;
  latest(): Entry[];
  find(number: number): Entry | undefined;
  findBegun(id: string): Entry | undefined;
}

/** Creates the list of the latest requests, in which each is at the remainder of its number. */
function createRing(count: number): Ring {
  const ring: Entry[] = [];
  let total = 0;
  return {
    add({ id, method, path, client }) {
      const times = { time: Date.now(), begunAt: performance.now() };
      const unknown = {
        key: undefined,
        asked: undefined,
        model: undefined,
        firstMs: undefined,
        end: undefined,
      };
      const entry = { number: total, id, method, path, client, steps: [], ...times, ...unknown };
      ring[total % count] = entry;
      total += 1;
      return entry;
    },
    latest: () => ring.toSorted((one, other) => other.number - one.number),
    find(number) {
      const entry = ring[number % count];
      return entry?.number === number ? entry : undefined;
    },
    findBegun(id) {
      for (let number = total - 1; number >= Math.max(total - count, 0); number -= 1) {
        const entry = ring[number % count];
        if (entry?.id === id) return entry;
      }
      return undefined;
    },
  };
}

/** Receivers of observations. */
interface Receivers {
  begin(observation: Begin, scope: ObservationScope): void;
  end(observation: ObservedEnd, scope: ObservationScope): void;
  addUnreadable(observation: UnreadableEnd): void;
  step(observation: StepObservation, scope: ObservationScope): void;
  ask(observation: Ask, scope: ObservationScope): void;
}

/** Receivers of the observations that belong to a request; all others are none of its moments. */
type Listeners = {
  readonly [Type in Observation['type']]?: (
    observation: Extract<Observation, { readonly type: Type }>,
    scope: ObservationScope,
  ) => void;
};

function listenersOf({ begin, end, addUnreadable, step, ask }: Receivers): Listeners {
  return {
    'request-begin': begin,
    'request-end': end,
    'response-end': end,
    'request-unreadable': addUnreadable,
    'caller-known': step,
    'model-asked': ask,
    'model-known': step,
    'turn-queued': step,
    'turn-admitted': step,
    'turn-run-again': step,
    'first-output': step,
    'turn-end': step,
    'further-failure': step,
    'image-refused': step,
    'copilot-rate-limited': step,
    'copilot-body-changed': step,
  };
}

type Begin = Extract<Observation, { readonly type: 'request-begin' }>;

type Ask = Extract<Observation, { readonly type: 'model-asked' }>;

/** Paths by which a gateway is watched, and which say nothing about its clients. */
const PROBES: ReadonlySet<string> = new Set(['/health', '/healthz', '/readyz', '/status', '/metrics']);

/** Returns true for what the console asks to show itself, and for all else that no client wants an answer to. */
function isOwn({ method, path, isOfPage = false }: Begin): boolean {
  if (isOfPage && isLook(method)) return true;
  if (path === '/console' || path.startsWith('/console/')) return true;
  return PROBES.has(path) || method === 'OPTIONS' || (path === '/' && method === 'GET');
}
