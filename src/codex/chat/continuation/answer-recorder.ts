import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { TurnNotification } from '../decode/turn-notifications.ts';
import type { TurnListener } from './thread-interface.ts';

/** Records the items that the model adds to a thread in one turn, as the app-server holds them. */
export interface AnswerRecorder {
  /** Returns a listener that is recorded. */
  record(listener: TurnListener): TurnListener;
  /** The items so far; undefined if the thread holds anything else that a client would not send back. */
  readonly items: readonly ResponseItem[] | undefined;
  /** True once the app-server has ended the turn. */
  readonly isOver: boolean;
}

export function createAnswerRecorder(): AnswerRecorder {
  let items: ResponseItem[] | undefined = [];
  let turnId: string | undefined;
  let isOver = false;

  function hear({ method, params }: TurnNotification): void {
    if (method === 'turn/started') turnId = params.turn.id;
    if (method === 'turn/completed') isOver = true;
    // Items of another turn are the echo of the injected history.
    if (method !== 'rawResponseItem/completed' || params.turnId !== turnId) return;
    if (isKnown(params.item)) items?.push(params.item);
    else items = undefined;
  }

  return {
    record: (listener) => ({
      ...listener,
      onNotifications(batch) {
        listener.onNotifications(batch);
        try {
          for (const notification of batch) hear(notification);
        } catch {
          // Another Codex version may have renamed a field.
          items = undefined;
        }
      },
      onClose() {
        items = undefined;
        listener.onClose();
      },
    }),
    get items() {
      return items;
    },
    get isOver() {
      return isOver;
    },
  };
}

/**
 * Returns true for text and calls, and for reasoning that the provider can read again: it may refuse reasoning that is not
 * sealed. Clients do not send Codex's own answer to a call, or a search on the web.
 */
function isKnown(item: ResponseItem): boolean {
  if (item.type === 'reasoning') return Boolean(item.encrypted_content);
  return item.type === 'message' || item.type === 'function_call';
}
