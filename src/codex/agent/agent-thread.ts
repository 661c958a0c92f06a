import { NEVER_ABORTED } from '../../base/async/abort.ts';
import type { AgentListener, AgentThread, AgentTurnOptions } from '../../conversation/ports/agent.ts';
import type { Connection } from '../protocol/connection.ts';
import { RpcError } from '../protocol/rpc-error.ts';
import { explained } from './agent-errors.ts';
import { collaborationMode, encodeInput, READ_ONLY, turnParams } from './agent-parameters.ts';
import type { AgentPlace } from './agent-places.ts';
import type { MountPoints } from './mount-points.ts';
import { WRITE } from './permission-profiles.ts';
import type { StartupEnd } from './server-startups.ts';

/** A thread as the app-server describes it when it is started, resumed or forked. */
export interface OpenedThread {
  readonly thread: { readonly id: string; readonly path: string | null };
  readonly model: string;
  readonly cwd: string;
  readonly collaborationMode?: { readonly mode: string } | null;
}

export interface LoadedThreadOptions {
  /** The place in which it has been opened, and which it holds. */
  readonly place: AgentPlace;
  readonly opened: OpenedThread;
  readonly mountPoints: MountPoints;
  readonly listener: AgentListener;
  /** True for a thread without a turn: the app-server keeps nothing of it that could be opened again. */
  readonly isNew: boolean;
  /** Name of the gateway's tools in Codex; undefined for a thread without them. */
  readonly tools: string | undefined;
  /** Resolves to true if a turn that may write would need other rules, by what is on disk, than those with which it was opened. */
  isOutdated(): Promise<boolean>;
  /** Opens it again in the app-server in charge. */
  reopen(): Promise<AgentPlace>;
}

/** Returns a thread that is loaded in an app-server; its listener hears of it from now on. */
export function createLoadedThread(options: LoadedThreadOptions): AgentThread {
  const thread = new LoadedThread(options);
  return {
    id: thread.id,
    model: thread.model,
    workspace: thread.workspace,
    startTurn: (given, signal = NEVER_ABORTED) => thread.startTurn(given, signal),
    startReview: (target, signal = NEVER_ABORTED) => thread.startReview(target, signal),
    startCompaction: () => thread.startCompaction(),
    steer: (turnId, input) => thread.steer(turnId, input),
    interrupt: (turnId) => thread.interrupt(turnId),
    endCommands: () => thread.endCommands(),
    unload: () => thread.unload(),
  };
}

/** Ends with which a turn has no tools. */
const MISSING: ReadonlySet<StartupEnd> = new Set(['failed', 'cancelled', 'timeout']);

class LoadedThread implements AgentThread {
  readonly id: string;
  readonly model: string;
  readonly workspace: string;
  readonly #listener: AgentListener;
  readonly #isOutdated: () => Promise<boolean>;
  readonly #reopen: () => Promise<AgentPlace>;
  #place: AgentPlace;
  #listening: ReturnType<AgentPlace['server']['state']['listen']>;
  readonly #mountPoints: MountPoints;
  readonly #tools: string | undefined;
  /** True once a turn has waited in this place for the tools. */
  #hasWaited = false;
  readonly #rolloutPath: string | undefined;
  #isPlanning: boolean;
  #isNew: boolean;
  /** Lets the mount points go that turns and their commands hold. */
  #release: (() => void) | undefined;
  #isTurnOver = true;

  constructor(options: LoadedThreadOptions) {
    const { place, opened, mountPoints, listener, isNew, tools, isOutdated, reopen } = options;
    this.#mountPoints = mountPoints;
    this.id = opened.thread.id;
    this.model = opened.model;
    this.workspace = opened.cwd;
    this.#rolloutPath = opened.thread.path ?? undefined;
    this.#isPlanning = opened.collaborationMode?.mode === 'plan';
    this.#isNew = isNew;
    this.#tools = tools;
    this.#listener = listener;
    this.#isOutdated = isOutdated;
    this.#reopen = reopen;
    this.#place = place;
    this.#listening = this.#listen(place);
  }

  #listen(place: AgentPlace) {
    const listener = this.#listener;
    const heard: AgentListener = {
      onEvents: (events) => {
        if (events.some(({ type }) => type === 'turn-completed')) this.#isTurnOver = true;
        if (this.#isTurnOver && !this.#listening.hasCommands()) this.#letGo();
        listener.onEvents(events);
      },
      onRequest: (request) => listener.onRequest(request),
      onGone: () => {
        this.#letGo();
        place.release();
        listener.onGone();
      },
    };
    return place.server.state.listen(this.id, heard, this.#rolloutPath);
  }

  /** Waits for the tools: Codex begins a turn without those that it has not connected to within a second. */
  async #haveTools(signal: AbortSignal): Promise<void> {
    if (this.#tools === undefined || this.#hasWaited) return;
    const { state, observer } = this.#place.server;
    const end = await state.startups.end(this.id, this.#tools, signal);
    this.#hasWaited = true;
    if (MISSING.has(end)) observer.observe({ type: 'session-tools-missing', end });
  }

  #explained<T>(work: () => Promise<T>): Promise<T> {
    return explained(this.#place.server.observer, work);
  }

  get #connection(): Connection {
    return this.#place.server.connection;
  }

  startTurn(options: AgentTurnOptions, signal: AbortSignal): Promise<string> {
    return this.#explained(async () => {
      const rights = turnParams(options, this.#tools !== undefined);
      await this.#moveOn(rights.permissions === WRITE);
      await this.#haveTools(signal);
      const { isPlan = false } = options;
      // The mode stays for later turns, so that it is named again after a turn that makes a plan.
      const mode = isPlan ? 'plan' : 'default';
      const { turn } = await this.#holding(() =>
        this.#connection.request(
          'turn/start',
          {
            threadId: this.id,
            ...rights,
            ...((isPlan || this.#isPlanning) && { collaborationMode: collaborationMode(mode, this.model) }),
          },
          { signal },
        ),
      );
      this.#isPlanning = isPlan;
      this.#isNew = false;
      return turn.id;
    });
  }

  /** Starts a turn, which holds the mount points of its commands until both are over. */
  async #holding<T>(start: () => Promise<T>): Promise<T> {
    this.#release ??= await this.#mountPoints.hold(this.workspace);
    this.#isTurnOver = false;
    try {
      return await start();
    } catch (error) {
      this.#isTurnOver = true;
      this.#letGo();
      throw error;
    }
  }

  #letGo(): void {
    this.#release?.();
    this.#release = undefined;
  }

  startReview(target: Parameters<AgentThread['startReview']>[0], signal: AbortSignal): Promise<string> {
    return this.#explained(async () => {
      await this.#onlyRead();
      await this.#haveTools(signal);
      const params = { threadId: this.id, target, delivery: 'inline' as const };
      const { turn } = await this.#connection.request('review/start', params, { signal });
      this.#isNew = false;
      return turn.id;
    });
  }

  startCompaction(): Promise<void> {
    return this.#explained(async () => {
      await this.#onlyRead();
      await this.#connection.request('thread/compact/start', { threadId: this.id });
    });
  }

  steer(turnId: string, input: Parameters<AgentThread['steer']>[1]): Promise<void> {
    const params = { threadId: this.id, expectedTurnId: turnId, input: encodeInput(input) };
    return this.#explained(async () => void (await this.#connection.request('turn/steer', params)));
  }

  interrupt(turnId: string): Promise<void> {
    return this.#explained(async () => {
      await this.#connection.request('turn/interrupt', { threadId: this.id, turnId }).catch(ignoreEnded);
      await this.#endCommands();
    });
  }

  endCommands(): Promise<void> {
    return this.#explained(() => this.#endCommands());
  }

  async #endCommands(): Promise<void> {
    await this.#connection.request('thread/backgroundTerminals/clean', { threadId: this.id });
  }

  /** Takes away the rights of the turn before, which a turn keeps that names none. */
  async #onlyRead(): Promise<void> {
    await this.#moveOn(false);
    await this.#connection.request('thread/settings/update', { threadId: this.id, ...READ_ONLY });
  }

  /** Goes over to the app-server in charge, if another one has taken over, or to other rules, if no turn runs. */
  async #moveOn(mayWrite: boolean): Promise<void> {
    if (this.#isNew || this.#listening.isRunning()) return;
    if (!this.#place.isRetired() && !(mayWrite && (await this.#needsOtherRules()))) return;
    await this.unload();
    try {
      this.#place = await this.#reopen();
    } catch (error) {
      this.#listener.onGone();
      throw error;
    }
    this.#listening = this.#listen(this.#place);
    this.#hasWaited = false;
  }

  async #needsOtherRules(): Promise<boolean> {
    // A command that goes on would end.
    return !this.#listening.hasCommands() && (await this.#isOutdated());
  }

  async unload(): Promise<void> {
    this.#listening.stop();
    await this.#endCommands().catch(() => {});
    this.#letGo();
    if (this.#tools !== undefined) this.#place.server.state.startups.forget(this.id, this.#tools);
    await this.#connection.request('thread/unsubscribe', { threadId: this.id }).catch(() => {});
    this.#place.release();
  }
}

/** Throws the error of an interruption, unless the turn has ended before. */
function ignoreEnded(error: unknown): void {
  if (!(error instanceof RpcError && error.message.includes('no active turn'))) throw error;
}
