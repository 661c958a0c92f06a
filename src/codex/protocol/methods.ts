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
import type { ThreadStartParams } from '../../../generated/v2/ThreadStartParams.js';
import type { ThreadStartResponse } from '../../../generated/v2/ThreadStartResponse.js';
import type { ThreadUnsubscribeParams } from '../../../generated/v2/ThreadUnsubscribeParams.js';
import type { ThreadUnsubscribeResponse } from '../../../generated/v2/ThreadUnsubscribeResponse.js';
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
} as const satisfies Record<Method, number>;

/** Methods that an app-server may lack: it still serves, only less well. */
export const OPTIONAL_METHODS: readonly Method[] = ['environment/add', 'turn/settings/update'];
