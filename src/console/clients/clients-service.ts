import type { ClientSetUps, ClientsQuery, ClientTrial, TrialRequest } from '../contract/clients.ts';
import type { OwnAddress } from './send-request.ts';

/** The request by which a browser asks for a trial. */
export interface TrialAsker {
  /** The address at which the gateway was reached. */
  readonly own: OwnAddress;
  /** Headers by which the request was let in, for a trial without a key of its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** The `Host` header. */
  readonly host: string;
  readonly signal: AbortSignal;
}

/** Shows the clients and their set-up. */
export interface ClientsService {
  /** Resolves to all clients, with the lines that set each up. */
  list(query: ClientsQuery, signal: AbortSignal): Promise<ClientSetUps>;
  /** Sends the request that a client would send. Rejects with a `GatewayError` for one that does not exist. */
  try(request: TrialRequest, asker: TrialAsker): Promise<ClientTrial>;
}
