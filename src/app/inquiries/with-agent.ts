import { StartupError } from '../../base/errors.ts';
import { resolve } from 'node:path';
import { createAgentSession, RefusedError, type AgentChoices, type AgentClient } from './agent-client.ts';
import { findAddress, withOwnGateway, type Address, type WithGatewayOptions } from './with-gateway.ts';

/**
 * Creates a session on the running gateway, or on one that is started for it: if none runs, if it has no sessions, or if the folder
 * that the command names lies outside of its own. The demo is always started.
 */
export async function withAgent<T>(
  options: WithGatewayOptions,
  choices: AgentChoices,
  use: (agent: AgentClient) => Promise<T>,
): Promise<T> {
  const { flags, signal } = options;
  const { settings, address } = await findAddress(options);
  const named = flags.workspace === undefined ? undefined : resolve(flags.workspace);
  const open = async (place: Address) => await openSession(place, choices, named, signal);
  const found = address ? await unlessOff(open(address), named) : undefined;
  if (found !== undefined) return await use(found);
  if (settings.sessions.roots.length === 0)
    throw new StartupError(
      'Nobody has named a folder for agents: pass one with --workspace, or name some in "sessions": {"roots": [...]} of the config file.',
    );
  return await withOwnGateway(settings, options, async (place) => await use(await open(place)));
}

/** Creates a session in the named folder; without one in the current folder if the gateway allows that, or else in its first. */
async function openSession(
  address: Address,
  choices: AgentChoices,
  named: string | undefined,
  signal: AbortSignal,
): Promise<AgentClient> {
  const create = async (folder: AgentChoices) =>
    await createAgentSession(address, { ...choices, ...folder }, signal);
  try {
    return await create({ workspace_root: named ?? resolve('.') });
  } catch (error) {
    if (named === undefined && isOutside(error)) return await create({});
    throw error;
  }
}

/** Resolves to undefined if a gateway has no sessions, or none in the folder that is named. */
async function unlessOff(
  opening: Promise<AgentClient>,
  named: string | undefined,
): Promise<AgentClient | undefined> {
  try {
    return await opening;
  } catch (error) {
    const isOff = error instanceof RefusedError && error.status === 404;
    if (isOff || (named !== undefined && isOutside(error))) return undefined;
    throw error;
  }
}

function isOutside(error: unknown): boolean {
  return error instanceof RefusedError && error.isOfRoute && error.status === 403;
}
