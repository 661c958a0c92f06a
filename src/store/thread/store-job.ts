import type { JsonObject } from '../../base/json.ts';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { Store } from '../../conversation/ports/store.ts';

/** A call of a caller's store or of the sessions, or one about the caller itself, in the form sent to the database's thread. */
export interface StoreJob {
  readonly token: string;
  /** True for a token that ends with this process. */
  readonly isEphemeral: boolean;
  readonly method: StoreMethod;
  /** Arguments without their long lists. */
  readonly args: readonly unknown[];
  /** The long lists, which are sent first, in parts. */
  readonly lists: readonly (readonly JsonObject[])[];
}

export type StoreMethod = keyof Store | keyof SessionStore | 'open' | 'forget';

/** Says which methods write: those run one after another. The others only read, and never wait for a lock behind them. */
const WRITES = {
  open: true,
  forget: true,
  checkWritable: false,
  saveResponse: true,
  saveEvents: true,
  findResponse: false,
  findResponseChain: false,
  deleteResponse: true,
  findItems: false,
  saveConversation: true,
  findConversation: false,
  deleteConversation: true,
  addItems: true,
  listItems: false,
  deleteItem: true,
  createSession: true,
  hasSession: true,
  saveSession: true,
  findSession: false,
  listSessions: false,
  threadOwners: false,
  deleteSession: true,
  claimInterrupted: true,
  addMessage: true,
  updateMessage: true,
  deleteMessage: true,
  listMessages: false,
  addEvents: true,
  eventsAfter: false,
  lastEventId: false,
} satisfies Record<StoreMethod, boolean>;

export function isWrite(method: StoreMethod): boolean {
  return WRITES[method];
}
