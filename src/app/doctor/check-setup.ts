import { stat } from 'node:fs/promises';
import { StartupError } from '../../base/errors.ts';
import { isAtLeast } from '../../base/is-at-least.ts';
import { readSystemConfig } from '../../codex/home/system-config.ts';
import type { Settings } from '../config/config.ts';
import type { OwnCommand } from '../config/own-command.ts';
import { refuseWeakToken } from '../config/weak-token.ts';
import type { CheckResult } from './run-check.ts';
import { listen } from '../lifecycle/listen.ts';

/** The oldest Node version that works. */
const OLDEST_NODE = '22.16';

/** @param version As in `process.versions.node`. */
export function checkNode(version: string): string {
  if (isAtLeast(version, OLDEST_NODE)) return version;
  throw new StartupError(`${version} is too old; install Node ${OLDEST_NODE} or newer.`);
}

/** Reports which config file is in use; `checkFiles` looks at its mode. Throws a `StartupError` if no gateway starts with it. */
export async function checkConfig(settings: Settings, command: OwnCommand): Promise<string> {
  // A token of this command itself is for a gateway that runs.
  if (settings.token?.source !== 'flag') refuseWeakToken(settings);
  const { configPath: path } = settings;
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined) return path;
  return `no file at ${path}, and none is needed; \`${command.usual} init\` writes one`;
}

/** Checks that a gateway could listen on the configured port. */
export async function checkPort({ host, port }: Settings): Promise<CheckResult> {
  const { takenAddress, close } = await listen(host, port, () => {});
  await close();
  const text = `${port} on ${host} is free`;
  if (takenAddress === undefined) return text;
  return {
    note: `${text}, but another program listens on ${takenAddress}, and a client that calls localhost may reach that one`,
  };
}

/** Checks that no Codex configuration of the machine reaches a turn. */
export async function checkMachine(folder: string): Promise<string> {
  const { mcpServers, leftovers } = await readSystemConfig(folder);
  if (leftovers.length > 0) {
    throw new StartupError(
      `${folder} overrides the gateway's own settings and affects turns (${leftovers.join(', ')}); remove it there, or ask the administrator of this machine.`,
    );
  }
  const names = Object.keys(mcpServers);
  const off = names.length === 0 ? '' : `; MCP servers switched off: ${names.join(', ')}`;
  return `no prompt, tool or setting of ${folder} affects turns${off}`;
}
