import type { InitializeParams } from '../../../generated/InitializeParams.js';
import type { InitializeResponse } from '../../../generated/InitializeResponse.js';
import type { ServerNotification } from '../../../generated/ServerNotification.js';
import type { AccountLoginCompletedNotification } from '../../../generated/v2/AccountLoginCompletedNotification.js';
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

/** The requests the gateway makes of the app-server. */
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
 * How long each request may take, in milliseconds, before the app-server counts as hung: it answers some requests never
 * (a line too deep, a pipe overloaded). Reading the account may ask the network, and a long history takes its time.
 */
export const TIMEOUTS = {
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

/** Without these an app-server only serves less well. */
export const OPTIONAL_METHODS: readonly Method[] = ['environment/add', 'turn/settings/update'];

type NotificationMethod = ServerNotification['method'];

/** Every notification of the protocol, and who reads it: a turn, a login, or nobody. */
const NOTIFICATIONS = {
  'account/rateLimits/updated': 'turn',
  'item/agentMessage/delta': 'turn',
  'item/completed': 'turn',
  'item/reasoning/summaryTextDelta': 'turn',
  'item/started': 'turn',
  'rawResponse/completed': 'turn',
  'rawResponseItem/completed': 'turn',
  'turn/completed': 'turn',
  'turn/started': 'turn',
  'account/gatewayOAuth/changed': 'ignored',
  'account/login/completed': 'login',
  'account/updated': 'ignored',
  'app/list/updated': 'ignored',
  'autoApprovalReview/strictReviewRequired': 'ignored',
  'command/exec/outputDelta': 'ignored',
  configWarning: 'ignored',
  deprecationNotice: 'ignored',
  error: 'ignored',
  'externalAgentConfig/import/completed': 'ignored',
  'externalAgentConfig/import/progress': 'ignored',
  'fs/changed': 'ignored',
  'fuzzyFileSearch/sessionCompleted': 'ignored',
  'fuzzyFileSearch/sessionUpdated': 'ignored',
  guardianWarning: 'ignored',
  'hook/completed': 'ignored',
  'hook/started': 'ignored',
  'item/autoApprovalReview/completed': 'ignored',
  'item/autoApprovalReview/started': 'ignored',
  'item/commandExecution/outputDelta': 'ignored',
  'item/commandExecution/terminalInteraction': 'ignored',
  'item/fileChange/outputDelta': 'ignored',
  'item/fileChange/patchUpdated': 'ignored',
  'item/mcpToolCall/progress': 'ignored',
  'item/plan/delta': 'ignored',
  'item/reasoning/summaryPartAdded': 'ignored',
  'item/reasoning/textDelta': 'ignored',
  'mcpServer/event/stream/notification': 'ignored',
  'mcpServer/oauthLogin/completed': 'ignored',
  'mcpServer/startupStatus/updated': 'ignored',
  'model/rerouted': 'ignored',
  'model/safetyBuffering/updated': 'ignored',
  'model/verification': 'ignored',
  'modelProvider/authRecoveryCompleted': 'ignored',
  'modelProvider/authRecoveryStarted': 'ignored',
  'process/exited': 'ignored',
  'process/outputDelta': 'ignored',
  'project/changed': 'ignored',
  'remoteControl/status/changed': 'ignored',
  'serverRequest/resolved': 'ignored',
  'skills/changed': 'ignored',
  'thread/archived': 'ignored',
  'thread/attachment/updated': 'ignored',
  'thread/closed': 'ignored',
  'thread/compacted': 'ignored',
  'thread/deleted': 'ignored',
  'thread/environment/connected': 'ignored',
  'thread/environment/disconnected': 'ignored',
  'thread/goal/cleared': 'ignored',
  'thread/goal/updated': 'ignored',
  'thread/name/updated': 'ignored',
  'thread/prediction/updated': 'ignored',
  'thread/project/updated': 'ignored',
  'thread/queue/changed': 'ignored',
  'thread/readState/changed': 'ignored',
  'thread/realtime/closed': 'ignored',
  'thread/realtime/error': 'ignored',
  'thread/realtime/item/completed': 'ignored',
  'thread/realtime/item/started': 'ignored',
  'thread/realtime/item/transcript/delta': 'ignored',
  'thread/realtime/itemAdded': 'ignored',
  'thread/realtime/outputAudio/delta': 'ignored',
  'thread/realtime/sdp': 'ignored',
  'thread/realtime/started': 'ignored',
  'thread/realtime/transcript/delta': 'ignored',
  'thread/realtime/transcript/done': 'ignored',
  'thread/reverted': 'ignored',
  'thread/search/partial': 'ignored',
  'thread/section/changed': 'ignored',
  'thread/settings/updated': 'ignored',
  'thread/started': 'ignored',
  'thread/status/changed': 'ignored',
  'thread/tokenUsage/updated': 'ignored',
  'thread/unarchived': 'ignored',
  'turn/diff/updated': 'ignored',
  'turn/moderationMetadata': 'ignored',
  'turn/plan/updated': 'ignored',
  warning: 'ignored',
  'windows/worldWritableWarning': 'ignored',
  'windowsSandbox/setupCompleted': 'ignored',
} as const satisfies Record<NotificationMethod, 'turn' | 'login' | 'ignored'>;

type MethodFor<Use extends string> = {
  [M in NotificationMethod]: (typeof NOTIFICATIONS)[M] extends Use ? M : never;
}[NotificationMethod];

/** A notification that a turn reads. Fields may be missing in another Codex version: check before use. */
export type TurnNotification = Extract<ServerNotification, { method: MethodFor<'turn'> }>;

/** A notification that anyone reads. */
export type Notification = Extract<ServerNotification, { method: MethodFor<'turn' | 'login'> }>;

export type LoginCompleted = AccountLoginCompletedNotification;

/** What each kind of connection does not want to be sent (`optOutNotificationMethods`). */
export const UNHEARD = { turn: except('turn'), login: except('login') };

function except(use: 'turn' | 'login'): string[] {
  return Object.entries(NOTIFICATIONS)
    .filter(([, its]) => its !== use)
    .map(([method]) => method);
}

export function isRead(method: string): method is Notification['method'] {
  return ['turn', 'login'].includes((NOTIFICATIONS as Record<string, string>)[method] ?? '');
}
