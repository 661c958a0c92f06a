import { z } from 'zod';
import type { JsonObject } from '../../../base/json.ts';
import { makeStrict } from '../../../schema/make-strict.ts';
import { mcpName } from '../../../tools/mcp/mcp-name.ts';

/** An internal tool of a gateway, as a function of the Responses API. */
export interface OfferedTool {
  /** With dots, as in `kb.search`. */
  readonly name: string;
  /** Path of its route. */
  readonly path: string;
  readonly definition: { readonly name: string; readonly [key: string]: unknown };
  /** Returns the arguments of the route for those of the model. */
  readArguments(given: JsonObject): JsonObject;
  /** Returns true if a call with these arguments changes something. */
  isChange(args: JsonObject): boolean;
}

const inputSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});

/** The answer of `GET /tools/v1/catalog`, as far as it is read. */
export const toolCatalogSchema = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      path: z.string().startsWith('/tools/v1/'),
      input_schema: inputSchema,
    }),
  ),
});

type CatalogEntry = z.output<typeof toolCatalogSchema>['tools'][number];

/** Makes a function of an entry of the catalog. The model is not offered `confirm`: a person confirms. */
export function offerTool({ name, description, path, input_schema: input }: CatalogEntry): OfferedTool {
  const { $schema: _, ...schema } = input;
  const { confirm: __, ...properties } = schema.properties;
  const required = schema.required.filter((property) => property !== 'confirm');
  const parameters = { ...schema, properties, required } as JsonObject;
  const strict = makeStrict(parameters);
  const optional = Object.keys(properties).filter((property) => !required.includes(property));
  return {
    name,
    path,
    definition: {
      type: 'function',
      name: mcpName(name),
      description,
      parameters: strict?.schema ?? parameters,
      strict: strict !== undefined,
    },
    readArguments({ confirm: ___, ...given }) {
      if (strict === undefined) return given;
      // Not every provider enforces that the model names each property.
      const complete = { ...Object.fromEntries(optional.map((property) => [property, null])), ...given };
      const restored = strict.restore(complete);
      return restored === complete ? given : (restored as JsonObject);
    },
    isChange: (args) => 'dry_run' in properties && args.dry_run === false,
  };
}
