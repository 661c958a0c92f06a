import { createConversationService } from '../../gateway/state/conversations.ts';
import * as conversations from './conversations.ts';
import type { CallerOptions } from './openai-options.ts';
import { createReferenceResolver } from './request/references.ts';

/** Creates the handlers of one caller's requests about conversations. */
export function createConversationHandlers({ store, sealing, policy }: CallerOptions) {
  const options = {
    policy,
    conversations: createConversationService(store),
    resolveReferences: createReferenceResolver(store, sealing.unseal),
  };
  return {
    createConversation: conversations.createConversation(options),
    retrieveConversation: conversations.retrieveConversation(options),
    updateConversation: conversations.updateConversation(options),
    deleteConversation: conversations.deleteConversation(options),
    addItems: conversations.addItems(options),
    listItems: conversations.listItems(options),
    retrieveItem: conversations.retrieveItem(options),
    deleteItem: conversations.deleteItem(options),
  };
}
