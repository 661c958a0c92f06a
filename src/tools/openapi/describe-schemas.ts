import { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { AnyTool } from '../tool.ts';

/** Returns the schemas of a tool as JSON Schema. */
export function describeSchemas({ input, output }: Pick<AnyTool, 'input' | 'output'>): {
  readonly input: JsonObject;
  readonly output: JsonObject;
} {
  return {
    input: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as JsonObject,
    output: z.toJSONSchema(output, { io: 'output', unrepresentable: 'any' }) as JsonObject,
  };
}
