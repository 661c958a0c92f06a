import { z } from 'zod';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { createId } from '../../src/base/ids.ts';
import type { ToolRequest } from '../../src/tools/tool-request.ts';
import type { AnyTool } from '../../src/tools/tool.ts';

/** Returns a tool that answers with its own input, unless a test says otherwise. */
export function sampleTool(changes: Partial<AnyTool> = {}): AnyTool {
  return {
    name: 'sample.echo',
    title: 'Echo',
    description: 'Answers with what it is given.',
    path: '/sample/echo',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input: z.strictObject({ text: z.string().default('') }),
    output: z.looseObject({}),
    run: async (input) => input,
    ...changes,
  };
}

/** Returns a tool that changes something, so that it has a dry run and needs a confirmation. */
export function gatedTool(changes: Partial<AnyTool> = {}): AnyTool {
  return sampleTool({
    name: 'sample.change',
    path: '/sample/change',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    gate: {
      isDryRun: ({ dry_run }) => dry_run,
      isConfirmed: ({ confirm }) => confirm,
      ask: () => 'Change it?',
    },
    input: z.strictObject({
      text: z.string().default(''),
      dry_run: z.boolean().default(true),
      confirm: z.boolean().default(false),
    }),
    ...changes,
  });
}

/** Returns the request for a call of a tool, by the main key. */
export function callOf(tool: AnyTool, args: unknown, changes: Partial<ToolRequest> = {}): ToolRequest {
  return {
    tool,
    arguments: args,
    caller: { id: 'main', name: 'main' },
    assistant: 'script',
    requestId: createId('req_'),
    signal: NEVER_ABORTED,
    ...changes,
  };
}
