import type { ClientSetUps, ClientsQuery } from '../contract/clients.ts';

/** Shows the clients and their set-up. */
export interface ClientsService {
  /** Resolves to all clients, with the lines that set each up. */
  list(query: ClientsQuery, signal: AbortSignal): Promise<ClientSetUps>;
}
