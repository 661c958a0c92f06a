import { readSystemConfig } from '../../codex/system-config.ts';
import type { Finding } from './finding.ts';

/** What of the machine's own set-up of Codex would still reach a turn. */
export async function checkMachine(folder: string): Promise<Finding> {
  const { mcpServers, leftovers } = await readSystemConfig(folder);
  if (leftovers.length > 0) {
    return {
      subject: 'machine',
      state: 'bad',
      text: `${folder} goes before the gateway's own settings and reaches turns (${leftovers.join(', ')}); remove it there, or ask who administers this machine.`,
    };
  }
  const names = Object.keys(mcpServers);
  const off = names.length === 0 ? '' : `; MCP servers switched off: ${names.join(', ')}`;
  return { subject: 'machine', state: 'good', text: `nothing of ${folder} reaches a turn${off}` };
}
