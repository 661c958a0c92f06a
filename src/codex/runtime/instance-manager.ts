import { abortable } from '../../base/async/abort.ts';
import { GatewayError, messageOf, shuttingDown } from '../../base/errors.ts';
import type { Observer, ReplacementReason } from '../../base/observation.ts';
import { reportLostHome } from '../home/private-home.ts';
import { createChangeDetector } from '../home/set-up-stamp.ts';
import type { CodexInstance } from './instance.ts';
import { inCharge, REFRESH_DELAY_MS, serving, type ManagerState } from './manager-state.ts';
import { createSuccession, type Succession } from './succession.ts';

/** The part of an instance that its manager needs. */
export type ManagedInstance = Omit<
  CodexInstance<unknown>,
  'catalog' | 'current' | 'running' | 'restartSeconds' | 'size' | 'isRetired'
>;

/**
 * Keeps the instance in charge that fits the login and the machine's configuration, and starts another when these change.
 *
 * The manager is in one of these states:
 *
 * - `serving`: an instance is in charge. If it is provisional, a request after a while begins a refresh, and so does one after
 *   very many: the app-server grows by some bytes with each.
 * - `refreshing`: as `serving`, while another instance is started in the background, also because this one has grown too large. If that fails, the refresh is due later.
 * - `replacing`: the configuration has changed, or the home is lost; requests wait for the next instance.
 * - `failed`: the next instance did not start; requests are refused, and the first one after a while begins another attempt.
 *
 * An instance that is no longer in charge is retired: it is closed when nobody uses it any more.
 */
export interface InstanceManager<Instance> {
  /** Acquires the instance in charge, after a check for changes. */
  acquire(signal: AbortSignal): Promise<Acquired<Instance>>;
  /** Acquires the instance in charge for a request that has already checked for changes. */
  acquireUnchecked(signal: AbortSignal): Promise<Acquired<Instance>>;
  /** Resolves to the instance in charge, after a check for changes; to undefined while there is none. Waits for none. */
  peek(): Promise<Instance | undefined>;
  /** Replaces an instance that has lost its home, unless another is in charge already. */
  replaceLost(lost: Instance): void;
  /** Starts another instance in the background, if this one is in charge and nothing else is under way. Returns true then. */
  renew(instance: Instance): boolean;
  /** Returns the instances that are not closed, the latest one last. */
  open(): readonly Instance[];
  close(): Promise<void>;
}

interface Acquired<Instance> {
  readonly instance: Instance;
  release(): void;
}

export interface InstanceManagerOptions<Instance> {
  readonly observer: Observer;
  /** Aborts the first start. */
  readonly signal: AbortSignal;
  /** @param isRefresh True if what earlier starts have kept may be out of date. */
  start(signal: AbortSignal, isRefresh: boolean): Promise<Instance>;
  /** Returns a text that differs whenever a new instance is needed. */
  stamp(): Promise<string>;
  /** Number of uses after which an instance is refreshed. */
  readonly maxUses?: number;
}

/** Milliseconds until a failed start is tried again. */
const RETRY_DELAY_MS = 1_000;
/** Milliseconds after a start until its instance catches up: the first requests come soon after it. */
const CATCH_UP_DELAY_MS = 5_000;
/** Uses of an instance, two for each turn, after which its app-server has grown by some 60 MB. */
const MAX_USES = 200_000;
/** Messages for callers whose request needs an instance that could not be started. */
const FAILURES: Readonly<Record<ReplacementReason, string>> = {
  changed: 'Codex cannot be started with its changed set-up. Try again.',
  'home-lost':
    "The gateway's state folder was removed, and Codex cannot be started in a new one; see the log.",
};

/** Starts the first instance; rejects when that fails. */
export async function startInstanceManager<Instance extends ManagedInstance>(
  options: InstanceManagerOptions<Instance>,
): Promise<InstanceManager<Instance>> {
  const hasChanged = createChangeDetector(options.stamp);
  await hasChanged();
  return new Manager(await options.start(options.signal, false), hasChanged, options);
}

class Manager<Instance extends ManagedInstance> implements InstanceManager<Instance> {
  readonly #hasChanged: () => Promise<boolean>;
  readonly #start: InstanceManagerOptions<Instance>['start'];
  readonly #observer: Observer;
  readonly #maxUses: number;
  readonly #closing = new AbortController();
  readonly #succession: Succession<Instance>;
  #state: ManagerState<Instance>;
  /** Uses of the instance in charge. */
  #uses = 0;
  #refreshed = Promise.resolve();
  #catchUpTimer: NodeJS.Timeout | undefined;
  #caughtUp = Promise.resolve();

  constructor(
    first: Instance,
    hasChanged: () => Promise<boolean>,
    { start, observer, maxUses = MAX_USES }: InstanceManagerOptions<Instance>,
  ) {
    this.#hasChanged = hasChanged;
    this.#start = start;
    this.#observer = observer;
    this.#maxUses = maxUses;
    this.#succession = createSuccession(first, observer);
    this.#state = serving(first);
    this.#catchUpLater(first);
  }

  #serve(instance: Instance): void {
    this.#uses = 0;
    this.#state = serving(instance);
    this.#catchUpLater(instance);
  }

  async acquire(signal: AbortSignal): Promise<Acquired<Instance>> {
    return await this.#acquire(signal, await this.#hasChanged());
  }

  async acquireUnchecked(signal: AbortSignal): Promise<Acquired<Instance>> {
    return await this.#acquire(signal, false);
  }

  async peek(): Promise<Instance | undefined> {
    const isChanged = await this.#hasChanged();
    if (this.#closing.signal.aborted) return undefined;
    this.#advance(isChanged);
    return inCharge(this.#state);
  }

  async #acquire(signal: AbortSignal, isChanged: boolean): Promise<Acquired<Instance>> {
    this.#closing.signal.throwIfAborted();
    this.#uses += 1;
    if (this.#uses === this.#maxUses && this.#state.name === 'serving')
      this.#state = { ...this.#state, refreshAt: 0 };
    this.#advance(isChanged);
    const instance = await abortable(this.#inCharge(), signal);
    return { instance, release: instance.acquire() };
  }

  replaceLost(lost: Instance): void {
    if (inCharge(this.#state) !== lost) return;
    reportLostHome(this.#observer);
    this.#replace('home-lost');
  }

  renew(instance: Instance): boolean {
    const state = this.#state;
    if (state.name !== 'serving' || state.instance !== instance || this.#closing.signal.aborted) return false;
    this.#refreshed = this.#refresh(instance, 'outgrown');
    return true;
  }

  open(): readonly Instance[] {
    return this.#succession.open();
  }

  async close(): Promise<void> {
    this.#closing.abort(shuttingDown());
    clearTimeout(this.#catchUpTimer);
    await this.#caughtUp;
    await Promise.allSettled([this.#inCharge(), this.#refreshed]);
    await this.#succession.close();
  }

  /** Moves on to the next state if that is due. */
  #advance(isChanged: boolean): void {
    const state = this.#state;
    const now = performance.now();
    if (isChanged) this.#replace('changed');
    else if (state.name === 'failed' && now > state.retryAt) this.#replace(state.reason);
    else if (state.name === 'serving' && now > state.refreshAt)
      this.#refreshed = this.#refresh(state.instance);
  }

  async #inCharge(): Promise<Instance> {
    const state = this.#state;
    if (state.name === 'failed') throw state.error;
    return state.name === 'replacing' ? await state.next : state.instance;
  }

  /** Starts another instance, for which requests wait. */
  #replace(reason: ReplacementReason): void {
    const next = this.#startAfter(this.#state.name === 'replacing' ? this.#state.next : undefined, reason);
    const replacing: ManagerState<Instance> = { name: 'replacing', next };
    this.#state = replacing;
    next.then(
      (instance) => {
        this.#succession.add(instance);
        if (this.#state === replacing) this.#serve(instance);
      },
      (error: unknown) => {
        const retryAt = performance.now() + RETRY_DELAY_MS;
        if (this.#state === replacing) this.#state = { name: 'failed', error, reason, retryAt };
      },
    );
  }

  /** Starts an instance. A start under way may have missed the change, and is waited for first. */
  async #startAfter(before: Promise<unknown> | undefined, reason: ReplacementReason): Promise<Instance> {
    await before?.catch(() => {});
    this.#closing.signal.throwIfAborted();
    try {
      const next = await this.#start(this.#closing.signal, false);
      this.#observer.observe({ type: 'app-server-replaced', reason });
      return next;
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      this.#observer.observe({ type: 'app-server-replacement-failed', reason, problem: messageOf(error) });
      throw new GatewayError('codex_unavailable', FAILURES[reason], { cause: error, retryAfter: 1 });
    }
  }

  #catchUpLater(instance: Instance): void {
    clearTimeout(this.#catchUpTimer);
    if (this.#closing.signal.aborted) return;
    this.#catchUpTimer = setTimeout(() => {
      this.#caughtUp = this.#catchUp(instance);
    }, CATCH_UP_DELAY_MS).unref();
  }

  /** Lets an instance catch up, and starts another one if that shows a need for it. */
  async #catchUp(instance: Instance): Promise<void> {
    // A later start reads it if this one cannot.
    const isOutdated = await instance.catchUp(this.#closing.signal).catch(() => false);
    const state = this.#state;
    if (!isOutdated || state.name !== 'serving' || state.instance !== instance) return;
    if (!this.#closing.signal.aborted) this.#refreshed = this.#refresh(instance);
  }

  /** Starts another instance in the background. As nothing has changed, the one in charge serves until then. */
  async #refresh(instance: Instance, reason?: 'outgrown'): Promise<void> {
    const refreshing: ManagerState<Instance> = { name: 'refreshing', instance };
    this.#state = refreshing;
    const isWanted = () => this.#state === refreshing && !this.#closing.signal.aborted;
    try {
      const next = await this.#start(this.#closing.signal, reason === undefined);
      if (!isWanted()) return await next.close();
      this.#succession.add(next);
      this.#serve(next);
      if (reason) this.#observer.observe({ type: 'app-server-replaced', reason });
    } catch (error) {
      if (!isWanted()) return;
      this.#state = { name: 'serving', instance, refreshAt: performance.now() + REFRESH_DELAY_MS };
      this.#observer.observe({ type: 'app-server-refresh-failed', problem: messageOf(error) });
    }
  }
}
