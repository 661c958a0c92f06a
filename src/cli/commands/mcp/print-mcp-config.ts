import { formatOrigin } from '../../../app/config/address.ts';
import { isConfigNamed, readSettings, type Environment, type Flags } from '../../../app/config/config.ts';
import { ownCall } from '../../../app/config/own-command.ts';
import { findTarget } from '../../../app/gateways/find-target.ts';
import { StartupError } from '../../../base/errors.ts';
import type { Terminal } from '../../terminal.ts';
import { MCP_CLIENTS, type McpServerFacts } from './mcp-clients.ts';

export interface McpConfigFlags extends Flags {
  /** Prints the address of the gateway instead of the command. */
  readonly http?: boolean;
}

/** Variable in which clients find the token: not that of the gateway itself, which has every scope. */
const TOKEN_VARIABLE = 'CODEX_GATEWAY_TOOLS_TOKEN';

/** Variables that say where the gateway finds its config file and its state. */
const FOLDERS = ['XDG_CONFIG_HOME', 'XDG_STATE_HOME'];

/** Prints the configuration with which a client uses the internal tools. */
export async function printMcpConfig(
  client: string | undefined,
  flags: McpConfigFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const write = client !== undefined && Object.hasOwn(MCP_CLIENTS, client) ? MCP_CLIENTS[client] : undefined;
  if (write === undefined) {
    const problem = client === undefined ? 'needs the name of a client' : `has no client '${client}'`;
    throw new StartupError(`mcp config ${problem}; it knows ${Object.keys(MCP_CLIENTS).join(', ')}.`);
  }
  terminal.print(
    write(flags.http ? await httpServer(flags, environment) : await stdioServer(flags, environment)),
  );
}

async function httpServer(flags: McpConfigFlags, environment: Environment): Promise<McpServerFacts> {
  const { settings } = await findTarget(flags, environment);
  const { host, port } = settings;
  if (port === 0) {
    throw new StartupError('The configuration names a port, and 0 is any port; pass one with --port.');
  }
  return { type: 'http', url: `${formatOrigin(host, port)}/mcp`, tokenVariable: TOKEN_VARIABLE };
}

async function stdioServer(flags: McpConfigFlags, environment: Environment): Promise<McpServerFacts> {
  const { configPath, tools } = await readSettings(flags, environment);
  const [command, script] = ownCall();
  const config = isConfigNamed(flags, environment) ? ['--config', configPath] : [];
  const folders = FOLDERS.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  const { tokenEnv } = tools.github;
  return {
    type: 'stdio',
    command,
    args: [script, ...config, 'mcp'],
    env: Object.fromEntries(folders),
    passedOn: tokenEnv === undefined ? [] : [tokenEnv],
  };
}
