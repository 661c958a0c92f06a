import { IGNORE_ALL, type NotificationOf, type NotificationTable } from '../protocol/notifications.ts';

/** The notifications that a session shows. */
export const AGENT_NOTIFICATIONS = {
  ...IGNORE_ALL,
  'item/agentMessage/delta': 'heard',
  'item/commandExecution/outputDelta': 'heard',
  'item/completed': 'heard',
  'item/plan/delta': 'heard',
  'item/reasoning/summaryTextDelta': 'heard',
  'item/started': 'heard',
  'mcpServer/startupStatus/updated': 'early',
  'serverRequest/resolved': 'heard',
  'thread/name/updated': 'heard',
  'thread/tokenUsage/updated': 'heard',
  'turn/completed': 'heard',
  'turn/diff/updated': 'heard',
  'turn/plan/updated': 'heard',
  'turn/started': 'heard',
} as const satisfies NotificationTable;

export type AgentNotification = NotificationOf<typeof AGENT_NOTIFICATIONS>;
