import type { ConsoleTool } from '../../../src/console/contract/tools.ts';

/** Returns true for a tool that can change something and has no dry run, so that a person is asked before each call. */
export function needsQuestion(tool: Pick<ConsoleTool, 'has_dry_run' | 'is_read_only'>): boolean {
  return !tool.has_dry_run && !tool.is_read_only;
}
