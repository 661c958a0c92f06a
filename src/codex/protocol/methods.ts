import type { InitializeParams } from '../../../generated/InitializeParams.js';
import type { InitializeResponse } from '../../../generated/InitializeResponse.js';
import type { EnvironmentAddParams } from '../../../generated/v2/EnvironmentAddParams.js';
import type { EnvironmentAddResponse } from '../../../generated/v2/EnvironmentAddResponse.js';
import type { GetAccountParams } from '../../../generated/v2/GetAccountParams.js';
import type { GetAccountResponse } from '../../../generated/v2/GetAccountResponse.js';
import type { LoginAccountParams } from '../../../generated/v2/LoginAccountParams.js';
import type { LoginAccountResponse } from '../../../generated/v2/LoginAccountResponse.js';
import type { ModelListParams } from '../../../generated/v2/ModelListParams.js';
import type { ModelListResponse } from '../../../generated/v2/ModelListResponse.js';
import type { ThreadInjectItemsParams } from '../../../generated/v2/ThreadInjectItemsParams.js';
import type { ThreadInjectItemsResponse } from '../../../generated/v2/ThreadInjectItemsResponse.js';
import type { ThreadSettingsUpdateParams } from '../../../generated/v2/ThreadSettingsUpdateParams.js';
import type { ThreadSettingsUpdateResponse } from '../../../generated/v2/ThreadSettingsUpdateResponse.js';
import type { ThreadStartParams } from '../../../generated/v2/ThreadStartParams.js';
import type { ThreadStartResponse } from '../../../generated/v2/ThreadStartResponse.js';
import type { ThreadUnsubscribeParams } from '../../../generated/v2/ThreadUnsubscribeParams.js';
import type { ThreadUnsubscribeResponse } from '../../../generated/v2/ThreadUnsubscribeResponse.js';
import type { ThreadResumeParams } from '../../../generated/v2/ThreadResumeParams.js';
import type { ThreadResumeResponse } from '../../../generated/v2/ThreadResumeResponse.js';
import type { ThreadForkParams } from '../../../generated/v2/ThreadForkParams.js';
import type { ThreadForkResponse } from '../../../generated/v2/ThreadForkResponse.js';
import type { ThreadListParams } from '../../../generated/v2/ThreadListParams.js';
import type { ThreadListResponse } from '../../../generated/v2/ThreadListResponse.js';
import type { ThreadTurnsListParams } from '../../../generated/v2/ThreadTurnsListParams.js';
import type { ThreadTurnsListResponse } from '../../../generated/v2/ThreadTurnsListResponse.js';
import type { ThreadDeleteParams } from '../../../generated/v2/ThreadDeleteParams.js';
import type { ThreadDeleteResponse } from '../../../generated/v2/ThreadDeleteResponse.js';
import type { ThreadCompactStartParams } from '../../../generated/v2/ThreadCompactStartParams.js';
import type { ThreadCompactStartResponse } from '../../../generated/v2/ThreadCompactStartResponse.js';
import type { ThreadBackgroundTerminalsCleanParams } from '../../../generated/v2/ThreadBackgroundTerminalsCleanParams.js';
import type { ThreadBackgroundTerminalsCleanResponse } from '../../../generated/v2/ThreadBackgroundTerminalsCleanResponse.js';
import type { TurnSteerParams } from '../../../generated/v2/TurnSteerParams.js';
import type { TurnSteerResponse } from '../../../generated/v2/TurnSteerResponse.js';
import type { ReviewStartParams } from '../../../generated/v2/ReviewStartParams.js';
import type { ReviewStartResponse } from '../../../generated/v2/ReviewStartResponse.js';
import type { CancelLoginAccountParams } from '../../../generated/v2/CancelLoginAccountParams.js';
import type { CancelLoginAccountResponse } from '../../../generated/v2/CancelLoginAccountResponse.js';
import type { TurnInterruptParams } from '../../../generated/v2/TurnInterruptParams.js';
import type { TurnInterruptResponse } from '../../../generated/v2/TurnInterruptResponse.js';
import type { TurnSettingsUpdateParams } from '../../../generated/v2/TurnSettingsUpdateParams.js';
import type { TurnSettingsUpdateResponse } from '../../../generated/v2/TurnSettingsUpdateResponse.js';
import type { TurnStartParams } from '../../../generated/v2/TurnStartParams.js';
import type { TurnStartResponse } from '../../../generated/v2/TurnStartResponse.js';

/** Requests that the gateway sends to the app-server. */
export interface Methods {
  initialize: { params: InitializeParams; result: InitializeResponse };
  'account/read': { params: GetAccountParams; result: GetAccountResponse };
  'account/login/start': { params: LoginAccountParams; result: LoginAccountResponse };
  'model/list': { params: ModelListParams; result: ModelListResponse };
  'thread/start': { params: ThreadStartParams; result: ThreadStartResponse };
  'thread/inject_items': { params: ThreadInjectItemsParams; result: ThreadInjectItemsResponse };
  'thread/unsubscribe': { params: ThreadUnsubscribeParams; result: ThreadUnsubscribeResponse };
  'turn/start': { params: TurnStartParams; result: TurnStartResponse };
  'turn/interrupt': { params: TurnInterruptParams; result: TurnInterruptResponse };
  'environment/add': { params: EnvironmentAddParams; result: EnvironmentAddResponse };
  'turn/settings/update': { params: TurnSettingsUpdateParams; result: TurnSettingsUpdateResponse };
  'thread/settings/update': { params: ThreadSettingsUpdateParams; result: ThreadSettingsUpdateResponse };
  'thread/resume': { params: ThreadResumeParams; result: ThreadResumeResponse };
  'thread/fork': { params: ThreadForkParams; result: ThreadForkResponse };
  'thread/list': { params: ThreadListParams; result: ThreadListResponse };
  'thread/turns/list': { params: ThreadTurnsListParams; result: ThreadTurnsListResponse };
  'thread/delete': { params: ThreadDeleteParams; result: ThreadDeleteResponse };
  'thread/compact/start': { params: ThreadCompactStartParams; result: ThreadCompactStartResponse };
  'thread/backgroundTerminals/clean': {
    params: ThreadBackgroundTerminalsCleanParams;
    result: ThreadBackgroundTerminalsCleanResponse;
  };
  'turn/steer': { params: TurnSteerParams; result: TurnSteerResponse };
  'review/start': { params: ReviewStartParams; result: ReviewStartResponse };
  'account/login/cancel': { params: CancelLoginAccountParams; result: CancelLoginAccountResponse };
}

export type Method = keyof Methods;

/**
 * Milliseconds that the app-server has for each request before it counts as hung: some requests are never answered (a line
 * nested too deeply, an overloaded pipe). Reading the account may need the network, and a long history takes time.
 */
export const TIMEOUTS_MS = {
  initialize: 15_000,
  'account/read': 20_000,
  'account/login/start': 30_000,
  'model/list': 15_000,
  'thread/start': 30_000,
  'thread/inject_items': 60_000,
  'thread/unsubscribe': 15_000,
  'turn/start': 30_000,
  'turn/interrupt': 10_000,
  'environment/add': 10_000,
  'turn/settings/update': 10_000,
  'thread/settings/update': 10_000,
  'thread/resume': 60_000,
  'thread/fork': 60_000,
  'thread/list': 30_000,
  'thread/turns/list': 60_000,
  'thread/delete': 30_000,
  'thread/compact/start': 30_000,
  'thread/backgroundTerminals/clean': 30_000,
  'turn/steer': 30_000,
  'review/start': 30_000,
  'account/login/cancel': 30_000,
} as const satisfies Record<Method, number>;

/** Methods that an app-server may lack: it still serves, only less well, or without agent sessions. */
export const OPTIONAL_METHODS: readonly Method[] = [
  'environment/add',
  'turn/settings/update',
  'thread/settings/update',
  'thread/resume',
  'thread/fork',
  'thread/list',
  'thread/turns/list',
  'thread/delete',
  'thread/compact/start',
  'thread/backgroundTerminals/clean',
  'turn/steer',
  'review/start',
  'account/login/cancel',
];
