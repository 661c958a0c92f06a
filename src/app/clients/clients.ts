import type { Client } from './client.ts';
import { LIBRARIES } from './libraries.ts';
import { PROGRAMS } from './programs.ts';

const ALL = { ...LIBRARIES, ...PROGRAMS };

export type ClientId = keyof typeof ALL;

/** Everything that the README, the command `show` and the console name as a client, in their order. */
export const CLIENTS: Readonly<Record<ClientId, Client>> = ALL;

/** Returns the client that a name stands for; undefined if there is none. */
export function findClient(name: string): Client | undefined {
  return isClientId(name) ? CLIENTS[name] : undefined;
}

export function isClientId(name: string): name is ClientId {
  return Object.hasOwn(CLIENTS, name);
}
