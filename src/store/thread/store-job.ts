import type { JsonObject } from '../../base/json.ts';
import type { Store } from '../../conversation/ports/store.ts';

/** One call of a caller's store, or one about the caller itself, as it goes to the thread of the database. */
export interface StoreJob {
  readonly token: string;
  /** True for a token that ends with this process. */
  readonly forRun: boolean;
  readonly method: StoreMethod;
  /** Arguments without their long lists. */
  readonly args: readonly unknown[];
  /** The long lists, which go ahead in parts. */
  readonly lists: readonly (readonly JsonObject[])[];
}

export type StoreMethod = keyof Store | 'open' | 'forget';

/** Methods that write, which run one after another; the others only read, and never wait for a lock behind them. */
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
} satisfies Record<StoreMethod, boolean>;

export function isWrite(method: StoreMethod): boolean {
  return WRITES[method];
}
