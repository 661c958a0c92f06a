import { readSettings } from '../../src/app/config/config.ts';
import { SILENT } from '../../src/app/log/observer.ts';
import { openTools } from '../../src/app/tools/open-tools.ts';
import type { ToolRequest } from '../../src/tools/tool-request.ts';
import { callOf } from './internal-tool.ts';

/** Calls a tool as a gateway with this config file and this home does, with its own ledger on the disk. */
export async function callConfiguredTool(
  { config, environment }: { readonly config: string; readonly environment: Record<string, string> },
  name: string,
  args: object,
  changes: Partial<ToolRequest>,
) {
  const settings = await readSettings({ config }, environment);
  const opened = await openTools({ settings, environment, isEphemeral: false, observer: SILENT });
  try {
    const tool = opened.service.tools.find((one) => one.name === name)!;
    const prepared = await opened.service.prepare(callOf(tool, args, changes));
    return await prepared.run(prepared.isConfirmed);
  } finally {
    await opened.close();
  }
}
