import type { ServerNotification } from '../../../generated/ServerNotification.js';

type NotificationMethod = ServerNotification['method'];

/** Use of a notification: `early` is heard also before its thread has a listener. */
type Use = 'heard' | 'early' | 'ignored';

/**
 * The notifications that one reader hears. It lists every notification of the protocol, so that one that is new in another
 * Codex fails the build of each reader until somebody has decided about it.
 */
export type NotificationTable = Readonly<Record<NotificationMethod, Use>>;

/** The notifications that a table says are heard. Fields may be missing in another Codex version: check before use. */
export type NotificationOf<Table extends NotificationTable> = Extract<
  ServerNotification,
  { method: { [M in NotificationMethod]: Table[M] extends 'ignored' ? never : M }[NotificationMethod] }
>;

export function isHeard<Table extends NotificationTable>(
  table: Table,
  notification: { readonly method: string },
): notification is NotificationOf<Table> {
  return ((table as Readonly<Record<string, Use>>)[notification.method] ?? 'ignored') !== 'ignored';
}

/**
 * Returns a function that is true for the line of a notification nobody reads: one that the table ignores, or one of a thread
 * without a listener that is not heard early. It sees that at the beginning of a line, as the app-server writes it; any other line counts as read.
 */
export function createUnreadLines(
  table: NotificationTable,
  listens: (threadId: string) => boolean,
): (line: string) => boolean {
  const uses = new Map<string, string>(Object.entries(table));
  return (line) => {
    if (!line.startsWith(METHOD)) return false;
    const end = line.indexOf('"', METHOD.length);
    const use = uses.get(line.slice(METHOD.length, end));
    if (use !== 'heard') return use === 'ignored';
    if (!line.startsWith(THREAD_ID, end)) return false;
    const start = end + THREAD_ID.length;
    const threadId = line.slice(start, line.indexOf('"', start));
    return !listens(threadId) && !threadId.includes('\\');
  };
}

const METHOD = '{"method":"';
/** Text between a notification's method and the id of its thread. */
const THREAD_ID = '","params":{"threadId":"';

/** Returns the notifications that the app-server need not send (`optOutNotificationMethods`). */
export function ignoredIn(table: NotificationTable): string[] {
  return Object.entries(table).flatMap(([method, use]) => (use === 'ignored' ? [method] : []));
}

/** For a reader of next to nothing, which adds the few that it hears. */
export const IGNORE_ALL = {
  'account/gatewayOAuth/changed': 'ignored',
  'account/login/completed': 'ignored',
  'account/rateLimits/updated': 'ignored',
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
  'item/agentMessage/delta': 'ignored',
  'item/autoApprovalReview/completed': 'ignored',
  'item/autoApprovalReview/started': 'ignored',
  'item/commandExecution/outputDelta': 'ignored',
  'item/commandExecution/terminalInteraction': 'ignored',
  'item/completed': 'ignored',
  'item/fileChange/outputDelta': 'ignored',
  'item/fileChange/patchUpdated': 'ignored',
  'item/mcpToolCall/progress': 'ignored',
  'item/plan/delta': 'ignored',
  'item/reasoning/summaryPartAdded': 'ignored',
  'item/reasoning/summaryTextDelta': 'ignored',
  'item/reasoning/textDelta': 'ignored',
  'item/started': 'ignored',
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
  'rawResponse/completed': 'ignored',
  'rawResponseItem/completed': 'ignored',
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
  'turn/completed': 'ignored',
  'turn/diff/updated': 'ignored',
  'turn/moderationMetadata': 'ignored',
  'turn/plan/updated': 'ignored',
  'turn/started': 'ignored',
  warning: 'ignored',
  'windows/worldWritableWarning': 'ignored',
  'windowsSandbox/setupCompleted': 'ignored',
} as const satisfies Readonly<Record<NotificationMethod, 'ignored'>>;
