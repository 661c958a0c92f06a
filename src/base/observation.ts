import type { ConsoleObservation } from './console-observation.ts';
import type { CopilotObservation } from './copilot-observation.ts';
import type { ErrorCode } from './errors.ts';
import type { Facts } from './facts.ts';
import type { SessionObservation } from './session-observation.ts';
import type { ToolObservation } from './tool-observation.ts';

/** Everything that can be observed while a gateway runs. Contains no prompts, answers or secrets. */
export type Observation =
  | RequestObservation
  | ConnectionObservation
  | TurnObservation
  | AppServerObservation
  | StoreObservation
  | SessionObservation
  | ToolObservation
  | CopilotObservation
  | ConsoleObservation
  | GatewayObservation;

/** Receives observations where they happen. Neither method throws errors of listeners. */
export interface Observer {
  observe(observation: Observation): void;
  /**
   * Runs a function; its observations, and those of everything it starts, belong to the request of the scope.
   */
  within<T>(scope: ObservationScope, run: () => T): T;
}

export interface ObservationScope {
  /** Id of the request; undefined for work outside requests. */
  readonly id?: string;
}

/** Requests, and responses with an end of their own: in the background or on a WebSocket. */
type RequestObservation =
  | {
      readonly type: 'request-begin';
      readonly id: string;
      readonly method: string;
      readonly path: string;
      /** The client's program. */
      readonly client?: string | undefined;
      readonly isOfPage?: boolean;
    }
  /** The caller has shown a token; belongs to the request of the current scope. */
  | { readonly type: 'caller-known'; readonly key: string }
  /** The request names a model; it is the caller's text, shortened, and belongs in no log and no metric. */
  | { readonly type: 'model-asked'; readonly model: string }
  /** The request is for a model that exists; belongs to the request of the current scope. */
  | { readonly type: 'model-known'; readonly model: string }
  | { readonly type: 'first-output'; readonly id: string; readonly model: string; readonly ms: number }
  | { readonly type: 'request-end'; readonly status: number; readonly request: EndedRequest }
  | { readonly type: 'response-end'; readonly outcome: string; readonly request: EndedRequest }
  /** A further failure of a request that had failed before. */
  | { readonly type: 'further-failure'; readonly id: string; readonly failure: ObservedFailure };

/** Facts that become known while a request is answered; inapplicable ones are absent. */
export interface RequestFacts {
  readonly id: string;
  readonly method?: string;
  readonly path?: string;
  /** True if the console's page has sent it. */
  readonly isOfPage?: boolean;
  /** Pattern of the route, such as `/v1/responses/:id`. */
  readonly route?: string;
  /** Address of a client on another machine. */
  readonly address?: string;
  readonly stream?: boolean;
  readonly background?: boolean;
  /** Id of the response. */
  readonly response?: string;
  readonly model?: string;
  /** The reasoning effort. */
  readonly effort?: string | undefined;
  /** True if Codex had most of the conversation from an earlier request. */
  readonly continued?: true | undefined;
  /** Milliseconds until the first output. */
  readonly firstMs?: number;
  readonly usage?: ObservedUsage;
  /** Code of the error that an answer with an error status stands for, although the request has not failed. */
  readonly outcome?: string;
}

export interface EndedRequest extends RequestFacts {
  /** The client's program. */
  readonly client: string | undefined;
  readonly ms: number;
  /** Paths of fields that had no effect. */
  readonly ignored: readonly string[];
  /** Paths of fields whose effect was adjusted. */
  readonly adjusted: readonly string[];
  /** The first failure. */
  readonly failure: ObservedFailure | undefined;
}

interface ObservedUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly estimated?: boolean | undefined;
}

export interface ObservedFailure {
  /** True for a fault of the gateway, rather than of the client or the provider. */
  readonly isOwn: boolean;
  readonly code: string;
  /** The kind of the failure; several kinds can have one code. */
  readonly kind: ErrorCode;
  /** The code if it is one of the gateway's own, else the kind of the failure: one of a bounded number of words. */
  readonly outcome: string;
  readonly param?: string | undefined;
  /** The message without quotations. */
  readonly problem: string;
  readonly facts?: Facts | undefined;
}

type ConnectionObservation =
  /** A request that Node's HTTP parser refused. */
  | {
      readonly type: 'request-unreadable';
      readonly id: string;
      readonly status: number;
      readonly failure: ObservedFailure | undefined;
    }
  | { readonly type: 'connection-broken'; readonly problem: string }
  | { readonly type: 'socket-message-refused'; readonly id: string; readonly failure: ObservedFailure }
  | { readonly type: 'socket-dropped'; readonly id: string; readonly failure: ObservedFailure };

/** Turns of the model, which belong to the request of the current scope. */
type TurnObservation =
  /** A turn waits because all places are taken. */
  | { readonly type: 'turn-queued'; readonly running: number; readonly waiting: number }
  | { readonly type: 'turn-admitted'; readonly waitedMs: number }
  /** The turns of all requests that run and wait from now on. */
  | { readonly type: 'turns-changed'; readonly running: number; readonly waiting: number }
  /** Nothing of the turn is running any more. */
  | { readonly type: 'turn-settled'; readonly model: string; readonly ms: number }
  /** A turn has ended for the one who reads it. */
  | {
      readonly type: 'turn-end';
      readonly model: string;
      /** Unix milliseconds. */
      readonly startedAt: number;
      readonly ms: number;
      /** Undefined if the provider has not reported it. */
      readonly usage: ObservedUsage | undefined;
      /** `ok`, `client_gone`, or the code of an error. */
      readonly outcome: string;
    }
  /** The provider has reported the tokens of an answer; `usage` has those of all its turns. */
  | { readonly type: 'answer-usage'; readonly model: string; readonly usage: ObservedUsage }
  | { readonly type: 'image-refused'; readonly reason: string };

/** The child processes in which Codex works. */
type AppServerObservation =
  | { readonly type: 'app-server-start' }
  | { readonly type: 'app-server-ready'; readonly ms: number; readonly login: string }
  | {
      readonly type: 'app-server-end';
      readonly code: number | undefined;
      readonly signal: string | undefined;
      /** Milliseconds until it is started again. */
      readonly delayMs: number;
    }
  | { readonly type: 'app-server-start-failed'; readonly problem: string; readonly delayMs: number }
  /** The app-server ended before it had handed a turn to the model provider, and the turn runs again. */
  | { readonly type: 'turn-run-again' }
  | { readonly type: 'app-server-hangs' }
  /** The app-server sent something other than JSON-RPC. */
  | { readonly type: 'app-server-garbage'; readonly problem: string }
  /** A new app-server took over: the login, the configuration or its home directory changed, or the one before was too large. */
  | { readonly type: 'app-server-replaced'; readonly reason: ReplacementReason | 'outgrown' }
  | {
      readonly type: 'app-server-replacement-failed';
      readonly reason: ReplacementReason;
      readonly problem: string;
    }
  /** Another attempt to fetch what was unavailable at the start has failed. */
  | { readonly type: 'app-server-refresh-failed'; readonly problem: string }
  /** An app-server has grown over a limit, and another one is started in its place. */
  | {
      readonly type: 'app-server-outgrown';
      readonly part: 'memoryBytes' | 'logBytes';
      readonly bytes: number;
      readonly limitBytes: number;
    }
  | { readonly type: 'app-server-cleanup-failed'; readonly problem: string }
  | { readonly type: 'codex-home-lost' }
  | { readonly type: 'codex-log-grows'; readonly problem: string }
  /** A setting of the machine's Codex configuration that affects turns and cannot be overridden. */
  | { readonly type: 'system-config-leak'; readonly key: string }
  /** A WebSocket to the provider failed, and Codex went on by HTTP. */
  | {
      readonly type: 'websocket-failed';
      /** Status with which the provider refused it, if it did. */
      readonly status: number | undefined;
      /** True if this app-server opens no others. */
      readonly isLast: boolean;
    }
  | { readonly type: 'foreign-instructions'; readonly count: number }
  | { readonly type: 'foreign-provider'; readonly modelProvider: string }
  | { readonly type: 'server-request-refused'; readonly method: string }
  | { readonly type: 'notification-unreadable'; readonly method: string }
  | {
      readonly type: 'rpc-failed';
      readonly method: string;
      readonly failure: string;
      readonly code: number | undefined;
    };

export type ReplacementReason = 'changed' | 'home-lost';

type StoreObservation =
  | { readonly type: 'store-call'; readonly method: string; readonly ms: number }
  | { readonly type: 'store-slow'; readonly method: string; readonly ms: number }
  | { readonly type: 'store-failed'; readonly method: string; readonly code: string };

type GatewayObservation =
  | { readonly type: 'gateway-ready'; readonly ms: number }
  /** The file of a named token, or with `*` the folder of all, cannot be read, and what was read before holds. */
  | { readonly type: 'token-unreadable'; readonly name: string; readonly problem: string }
  /** A named token never reaches its limit of turns, since a setting lets it have fewer. */
  | {
      readonly type: 'token-turns-unheld';
      readonly name: string;
      readonly turns: number;
      readonly setting: string;
      readonly most: number;
    }
  /** The gateway could not announce itself, so that other commands cannot find it. */
  | { readonly type: 'gateway-unannounced'; readonly problem: string }
  /** Other machines can reach the gateway. */
  | { readonly type: 'gateway-exposed'; readonly host: string }
  /** Another program listens on the gateway's port at another loopback address. */
  | { readonly type: 'address-taken'; readonly address: string }
  /** Other users of this machine can read what only the gateway's user should. */
  | { readonly type: 'files-readable'; readonly what: 'config file' | 'state folder' }
  | { readonly type: 'shutdown-begin'; readonly running: number }
  | { readonly type: 'shutdown-end' }
  /** The process ends. */
  | { readonly type: 'exception-uncaught'; readonly problem: string; readonly place: string | undefined }
  | {
      readonly type: 'rejection-unhandled';
      readonly error: string;
      readonly code: string | undefined;
      /** File and line in the gateway's own code. */
      readonly location: string | undefined;
    };
