import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { AnyTool } from '../tool.ts';
import { mcpName } from './mcp-name.ts';

/** Argument beside those of the tool, for tools that change something. */
export const IDEMPOTENCY_KEY = 'idempotency_key';

const KEY_SCHEMA = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description:
    'Makes a repetition safe: a second call with the same key and arguments gets the answer of the first, and changes nothing.',
};

const described = new WeakMap<AnyTool, Tool>();

/** Describes a tool for a list of tools. Its schemas are made once. */
export function describeTool(tool: AnyTool): Tool {
  const known = described.get(tool);
  if (known) return known;
  const { name, title, description, annotations, output } = tool;
  const made: Tool = {
    name: mcpName(name),
    title,
    description,
    annotations: { title, ...annotations },
    inputSchema: inputSchemaOf(tool),
    outputSchema: z.toJSONSchema(output, { io: 'output' }) as Tool['outputSchema'],
  };
  described.set(tool, made);
  return made;
}

function inputSchemaOf({ input, gate }: AnyTool): Tool['inputSchema'] {
  const schema = z.toJSONSchema(input, { io: 'input' }) as Tool['inputSchema'];
  if (gate === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, [IDEMPOTENCY_KEY]: KEY_SCHEMA } };
}
