import { StartupError } from '../../base/errors.ts';
import { readSystemConfig } from '../../codex/home/system-config.ts';

/** What of the machine's own set-up of Codex would still reach a turn. */
export async function checkMachine(folder: string): Promise<string> {
  const { mcpServers, leftovers } = await readSystemConfig(folder);
  if (leftovers.length > 0) {
    throw new StartupError(
      `${folder} goes before the gateway's own settings and reaches turns (${leftovers.join(', ')}); remove it there, or ask who administers this machine.`,
    );
  }
  const names = Object.keys(mcpServers);
  const off = names.length === 0 ? '' : `; MCP servers switched off: ${names.join(', ')}`;
  return `no prompt, tool or switch of ${folder} reaches a turn${off}`;
}
