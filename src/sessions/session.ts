import { NEVER_ABORTED } from '../base/async/abort.ts';
import type { RequestAnswer } from '../conversation/ports/agent.ts';
import { MessageSender } from './message-sender.ts';
import type { NewMessage, SentTurn } from './new-message.ts';
import { SessionAgent } from './session-agent.ts';
import {
  describeTurns,
  undoFrom,
  undoNote,
  type TurnsDescription,
  type UndoneTurns,
} from './session-history.ts';
import { SessionJobs } from './session-jobs.ts';
import type { SessionParts } from './session-options.ts';
import { summarize, type SessionSummary } from './session-record.ts';
import { SessionState, type LoadedSession } from './session-state.ts';
import type { TurnTask } from './turn-job.ts';

/** A conversation with an agent that works in one folder. One turn runs at a time. */
export class Session {
  readonly state: SessionState;
  readonly #parts: SessionParts;
  readonly #agent: SessionAgent;
  readonly #jobs: SessionJobs;
  readonly #sender: MessageSender;
  #idleTimer: NodeJS.Timeout | undefined;
  #isDraining = false;

  constructor(loaded: LoadedSession, parts: SessionParts) {
    this.#parts = parts;
    const state = new SessionState(loaded, parts.store, parts.onChange);
    this.state = state;
    this.#agent = new SessionAgent({
      state,
      parts,
      endTurn: async () => await this.interrupt(),
      onWaiting: (isWaiting) => {
        if (isWaiting && this.#isDraining) void this.interrupt();
      },
    });
    this.#jobs = new SessionJobs({
      state,
      queue: parts.queue,
      runsElsewhere: loaded.runsElsewhere ?? false,
      work: async (job) => await this.#agent.work(job),
      onIdle: (isIdle) => this.#rest(isIdle),
    });
    this.#sender = new MessageSender({ state, jobs: this.#jobs, agent: this.#agent, files: parts.files });
    this.#rest(true);
  }

  get id(): string {
    return this.state.choices.id;
  }

  get choices() {
    return this.state.choices;
  }

  get events() {
    return this.state.events;
  }

  /** True while a turn runs or waits, or somebody reads the stream. */
  get isUsed(): boolean {
    return this.isBusy || this.state.events.isFollowed;
  }

  /** True if another gateway is known to work on it. */
  get runsElsewhere(): boolean {
    return this.#jobs.runsElsewhere;
  }

  /** True while a turn runs or waits, or is being undone. */
  get isBusy(): boolean {
    return !this.#jobs.isIdle;
  }

  /** Everything that only this process knows. */
  get live() {
    const { approvals, draft } = this.#agent;
    const { text, leftOut } = draft.show();
    return {
      approvals: approvals.list(),
      draft: text,
      draftLeftOut: leftOut,
      queuePosition: this.#jobs.position,
    };
  }

  /** Accepts a message, which becomes a turn or a part of the one that runs. Rejects with a `GatewayError`. */
  send(message: NewMessage): Promise<SentTurn> {
    return this.#sender.send(message);
  }

  /** Adds a message to the turn that runs. Rejects with a `GatewayError` if there is none. */
  async steer(message: NewMessage): Promise<SentTurn> {
    this.#jobs.requireHere();
    return await this.#sender.steer(message);
  }

  /** Starts a turn without a message. */
  async start(task: Exclude<TurnTask, { readonly kind: 'message' }>): Promise<SentTurn> {
    this.#jobs.requireIdle();
    const { turnId, place } = await this.#jobs.accept(task);
    return { turnId, messageId: null, queuePosition: place?.position() ?? 0 };
  }

  /** Takes back a message that waits. */
  async takeBack(messageId: string): Promise<void> {
    this.#jobs.requireHere();
    await this.#jobs.takeBack(messageId);
  }

  /** Ends the turn that runs, with its commands, or else the first that waits. */
  async interrupt(): Promise<void> {
    this.#jobs.requireHere();
    await this.#jobs.interrupt();
  }

  /** Decides about a request; undefined means the oldest one. */
  async answer(requestId: string | undefined, answer: RequestAnswer): Promise<void> {
    this.#jobs.requireHere();
    await this.#agent.approvals.answer(requestId, answer);
  }

  /** Describes what a turn, or the whole session, changed on disk. */
  diff(turnId: string | undefined): Promise<TurnsDescription> {
    return describeTurns(this.state.turns, this.#parts.history, turnId);
  }

  /** Puts back what a turn and those after it changed on disk. */
  async undo(turnId: string): Promise<UndoneTurns> {
    return await this.#jobs.holdWhile(async () => {
      // A command that still runs would change the files again.
      await this.#agent.thread.loaded()?.endCommands();
      const undone = await undoFrom(this.state.turns, this.#parts.history, turnId);
      const { facts, events } = this.state;
      events.add('turn.undone', { turn_id: turnId, turns: undone.turnIds, files: undone.files });
      this.state.change({ note: undoNote(undone.files, facts.note) }, 'session.updated');
      await this.state.flush();
      return undone;
    });
  }

  /** Returns the session as a list shows it. */
  summary(): SessionSummary {
    return summarize(this.state.record(), this.#agent.approvals.list().length);
  }

  /** Ends everything that runs, and frees everything. The session stays in the store. */
  async close(): Promise<void> {
    await this.#jobs.close();
    clearTimeout(this.#idleTimer);
    this.#agent.approvals.dropAll();
    await this.#agent.thread.unload().catch(() => {});
    this.state.events.end();
    await this.state.flush();
  }

  /** Starts the thread with the history of another one, up to one of its turns. */
  async forkFrom(threadId: string, lastTurnId: string | undefined): Promise<void> {
    await this.#agent.thread.fork(threadId, lastTurnId, NEVER_ABORTED);
    await this.state.flush();
  }

  /** Accepts no more turns, and ends one that waits for a person. */
  drain(): void {
    this.#isDraining = true;
    this.#jobs.drain();
    if (this.#agent.approvals.list().length > 0) void this.interrupt();
    if (!this.isBusy) this.state.events.end();
  }

  #rest(isIdle: boolean): void {
    clearTimeout(this.#idleTimer);
    if (!isIdle) return;
    this.#idleTimer = setTimeout(() => this.#parts.onIdle(this.id), this.#parts.idleMs).unref();
    if (this.#isDraining) this.state.events.end();
  }

  /** Gives up the thread, which the next turn resumes. */
  async unload(): Promise<void> {
    if (this.isBusy) return;
    await this.#agent.thread.unload();
    await this.state.flush();
    // One that is read stays in memory until nobody reads it any more.
    if (this.events.isFollowed && !this.isBusy) this.#rest(true);
  }
}
