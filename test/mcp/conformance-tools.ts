import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { GatewayError } from '../../src/base/errors.ts';
import type { AnyTool } from '../../src/tools/tool.ts';
import { sampleTool } from '../support/internal-tool.ts';

const address = z.object({ street: z.string(), city: z.string() }).meta({ id: 'address' });

/** Tools that the conformance checks call by their names. */
export const CONFORMANCE_TOOLS: readonly AnyTool[] = [
  sampleTool({
    name: 'test.error_handling',
    input: z.strictObject({}),
    async run() {
      throw new GatewayError('invalid_value', 'This tool always fails.');
    },
  }),
  sampleTool({
    name: 'test.tool_with_progress',
    input: z.strictObject({}),
    async run(_input, { report }) {
      for (const done of [0, 50, 100]) {
        report({ done, total: 100 });
        await sleep(50);
      }
      return {};
    },
  }),
  sampleTool({
    name: 'json_schema_2020_12_tool',
    input: z.strictObject({ name: z.string().optional(), address: address.optional() }),
  }),
];
