import type { SessionStore } from '../../conversation/ports/session-store.ts';
import { createSessionEvents } from './session-events.ts';
import { createSessionMessages } from './session-messages.ts';
import { createSessionRows } from './session-rows.ts';
import type { SessionScope } from './session-scope.ts';

export function createSessionStore(scope: SessionScope): SessionStore {
  return { ...createSessionRows(scope), ...createSessionMessages(scope), ...createSessionEvents(scope) };
}
