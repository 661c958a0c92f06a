import type { JsonObject } from '../../base/json.ts';
import type {
  AgentAccount,
  AgentLogin,
  AgentModel,
  KeptThread,
  ThreadMessage,
  ThreadPage,
  ThreadQuery,
} from './agent-home.ts';

/** Starts and continues the threads of an agent that works in folders of the user. */
export interface AgentEngine {
  /** Returns true once something has needed the engine's process. */
  isStarted(): boolean;
  /** Starts a thread. Rejects with a `GatewayError`. */
  start(options: ThreadOptions, listener: AgentListener, signal: AbortSignal): Promise<AgentThread>;
  /**
   * Continues a thread of an earlier process, or of another program. Rejects with `thread_not_found` for one that is not kept, as
   * a thread whose first turn was cut off may not be.
   */
  resume(
    threadId: string,
    options: ThreadOptions,
    listener: AgentListener,
    signal: AbortSignal,
  ): Promise<AgentThread>;
  /** Starts a thread with the history of another one, which need not be loaded. */
  fork(
    threadId: string,
    options: ForkOptions,
    listener: AgentListener,
    signal: AbortSignal,
  ): Promise<AgentThread>;
  /** Lists the threads that are kept, the newest first, whichever program has started them. */
  listThreads(query: ThreadQuery, signal: AbortSignal): Promise<ThreadPage>;
  /** Resolves to undefined for a thread that is not kept. */
  findThread(threadId: string, signal: AbortSignal): Promise<KeptThread | undefined>;
  /** Reads the last messages of a thread that is kept, oldest first. */
  readMessages(threadId: string, limit: number, signal: AbortSignal): Promise<readonly ThreadMessage[]>;
  /** Lists the models of the user's own configuration. */
  listModels(signal: AbortSignal): Promise<readonly AgentModel[]>;
  readAccount(signal: AbortSignal): Promise<AgentAccount>;
  /** Starts a sign-in with a device code for the user's own account. */
  startLogin(signal: AbortSignal): Promise<AgentLogin>;
  close(): Promise<void>;
}

export interface ThreadOptions {
  /** Absolute path of the folder in which the agent works, with all links resolved. */
  readonly workspace: string;
  readonly model?: string | undefined;
  /** Undefined for the provider of the user's own configuration. */
  readonly provider?: AgentProvider | undefined;
  /** Tools beside those of the user's own configuration. */
  readonly tools?: AgentTools | undefined;
}

/** A server of the Model Context Protocol. It is needed again whenever the thread is resumed. */
export interface AgentTools {
  /** Letters, digits and `_`. */
  readonly name: string;
  readonly url: string;
  /** Sent as a bearer token; it is kept in memory only. */
  readonly key: string;
  /** Names of the tools about which a person is asked before each call. */
  readonly asked: readonly string[];
}

interface ForkOptions extends ThreadOptions {
  /** The last turn that the new thread has; undefined for the whole history. */
  readonly lastTurnId?: string | undefined;
}

/** A provider that a session has chosen for itself. It is needed again whenever its thread is resumed. */
export interface AgentProvider {
  /** Letters, digits, `_` and `-`. */
  readonly id: string;
  /** Undefined for a provider that Codex or the user's own configuration knows by this id, such as `openai`. */
  readonly baseUrl?: string | undefined;
  /** Sent as a bearer token; it is kept in memory only. Has an effect only with a `baseUrl`. */
  readonly key?: string | undefined;
}

/** A thread that is loaded in the engine. Its methods reject with a `GatewayError`. */
export interface AgentThread {
  readonly id: string;
  readonly model: string;
  /** The folder in which it works, as the engine names it. */
  readonly workspace: string;
  /** Resolves to the turn's id; rejects with the signal's reason if it aborts before the engine has been asked. */
  startTurn(options: AgentTurnOptions, signal?: AbortSignal): Promise<string>;
  /** Starts a turn that reviews changes and writes nothing, in the same way. */
  startReview(target: ReviewTarget, signal?: AbortSignal): Promise<string>;
  /** Starts a turn that shortens the history; its id comes with `turn-started`. */
  startCompaction(): Promise<void>;
  /** Adds to the turn that runs. */
  steer(turnId: string, input: readonly AgentInput[]): Promise<void>;
  /** Ends a turn, and the commands that it has started. */
  interrupt(turnId: string): Promise<void>;
  /** Ends the commands that outlive their turn. */
  endCommands(): Promise<void>;
  /** Ends its commands and frees what the engine keeps for it in memory. The thread itself stays. */
  unload(): Promise<void>;
}

/** The changes that a review looks at. */
export type ReviewTarget =
  | { readonly type: 'uncommittedChanges' }
  | { readonly type: 'baseBranch'; readonly branch: string }
  | { readonly type: 'commit'; readonly sha: string; readonly title: string | null }
  | { readonly type: 'custom'; readonly instructions: string };

export type AgentInput =
  | { readonly type: 'text'; readonly text: string }
  /** A picture in a file of the user's machine. */
  | { readonly type: 'image'; readonly path: string };

export interface AgentTurnOptions {
  readonly input: readonly AgentInput[];
  /** The steps that wait for a decision. */
  readonly review: Review;
  readonly sandbox: AgentSandbox;
  /** True for a turn that only makes a plan, which comes as an item of type `plan`. */
  readonly isPlan?: boolean | undefined;
}

/** `edits` asks for each patch, `commands` also for each command, `none` for nothing. */
export type Review = 'edits' | 'commands' | 'none';

/** The files that commands may write. */
export type AgentSandbox = 'workspace-write' | 'read-only';

/** Hears of one thread. */
export interface AgentListener {
  /** Called with the events that arrived together. */
  onEvents(events: readonly AgentEvent[]): void;
  /** Called with a request that waits for a decision. */
  onRequest(request: AgentRequest): void;
  /**
   * The engine's process has ended; no event of this thread follows, also if a turn runs. The thread can be resumed.
   */
  onGone(): void;
}

export type AgentEvent =
  | { readonly type: 'turn-started'; readonly turnId: string }
  | { readonly type: 'item-started' | 'item-completed'; readonly turnId: string; readonly item: AgentItem }
  | {
      readonly type: 'text-delta' | 'reasoning-delta' | 'command-output';
      readonly turnId: string;
      readonly itemId: string;
      readonly text: string;
    }
  | { readonly type: 'plan-updated'; readonly turnId: string; readonly plan: AgentPlan }
  /** Somebody has named the thread. */
  | { readonly type: 'title-updated'; readonly title: string }
  | { readonly type: 'diff-updated'; readonly turnId: string; readonly diff: string }
  | { readonly type: 'usage-updated'; readonly turnId: string; readonly usage: JsonObject }
  /** A request that needs no decision any more, because it has one or its turn has ended. */
  | { readonly type: 'request-resolved'; readonly requestId: string }
  | {
      readonly type: 'turn-completed';
      readonly turnId: string;
      readonly status: TurnStatus;
      /** The reason of a failure, in words for people. */
      readonly error?: string | undefined;
    };

export type TurnStatus = 'completed' | 'interrupted' | 'failed';

/** An item of a thread in the app-server's own form, which clients see as it is. */
export interface AgentItem extends JsonObject {
  readonly id: string;
  readonly type: string;
}

export interface AgentPlan {
  readonly explanation: string | null;
  readonly steps: readonly {
    readonly step: string;
    readonly status: 'pending' | 'inProgress' | 'completed';
  }[];
}

/** A request of the agent that waits for a decision. */
export interface AgentRequest {
  /** Unique over restarts of the engine. */
  readonly id: string;
  readonly kind: RequestKind;
  /** The app-server's method. */
  readonly method: string;
  readonly turnId: string;
  readonly itemId: string | undefined;
  /** The files that an edit changes. */
  readonly changes: readonly AgentChange[];
  /** True for a command that may leave the sandbox: once allowed, it can write anywhere, and use the network if it asks for that. */
  readonly isEscalated: boolean;
  /** The app-server's parameters. */
  readonly payload: JsonObject;
  /** Answers it. A second answer has no effect. */
  answer(answer: RequestAnswer): void;
}

/** A change of one file that the agent proposes. */
export interface AgentChange {
  /** Absolute, with links not resolved. */
  readonly path: string;
  readonly kind: {
    readonly type: 'add' | 'delete' | 'update';
    /** The new path of an updated file that moves. */
    readonly movePath?: string | undefined;
  };
  /** The new content of an added file, the old content of a deleted one, hunks of an updated one. */
  readonly diff: string;
}

export type RequestKind = 'edit' | 'command' | 'question' | 'permission' | 'tool';

export interface RequestAnswer {
  readonly decision: Decision;
  /** Answers to questions, by the id of the question. */
  readonly answers?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Content for a tool that asks. */
  readonly content?: JsonObject | undefined;
}

/** `allow_session` allows the same thing for the rest of the session; `cancel` ends the turn as well. */
export type Decision = 'allow' | 'allow_session' | 'deny' | 'cancel';
