import { startBareClient, type BareClientOptions } from '../clients/bare-client.ts';
import { CHAT } from '../clients/chat-wire.ts';
import type { Client } from '../clients/client.ts';
import { createHttpClient, type HttpClientOptions } from '../clients/http-client.ts';
import { RESPONSES } from '../clients/responses-wire.ts';
import { runConversation, type ConversationOptions } from '../workloads/conversation.ts';
import { runTurns, type TurnsOptions } from '../workloads/turns.ts';
import { serveFunctions } from './remote.ts';

/** Ways to ask: the app-server directly, or one of the gateway's APIs. */
export type ClientName = 'bare' | 'chat' | 'responses';

const clients = new Map<ClientName, Client>();

const functions = {
  async startBare(options: BareClientOptions) {
    clients.set('bare', await startBareClient(options));
  },
  startHttp(options: HttpClientOptions) {
    clients.set('chat', createHttpClient(CHAT, options));
    clients.set('responses', createHttpClient(RESPONSES, options));
  },
  runTurns: ({ client, ...options }: TurnsOptions & { readonly client: ClientName }) =>
    runTurns(clients.get(client)!, options),
  runConversation: ({ client, ...options }: ConversationOptions & { readonly client: ClientName }) =>
    runConversation(clients.get(client)!, options),
  async close() {
    for (const client of clients.values()) await client.close();
  },
};

/** Functions of a process that asks the model. */
export type ClientApi = typeof functions;

serveFunctions(functions);
