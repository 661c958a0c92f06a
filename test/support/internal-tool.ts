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
