import type { JsonObject } from './json.ts';

export interface ApiDescription {
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly JsonObject[];
  /** Needed by every operation that does not name another. */
  readonly security: readonly JsonObject[];
  readonly paths: JsonObject;
  readonly components: JsonObject;
}

/** Returns a document of OpenAPI 3.1. */
export function openApiDocument({ title, description, tags, ...rest }: ApiDescription): JsonObject {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      ...(description !== undefined && { description }),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    ...(tags && { tags }),
    ...rest,
  };
}

/** Returns the place of a schema that has a name in a document. */
export function schemaPlace(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Returns a reference to one of the schemas that have these names. */
export function refToSchema(...names: readonly string[]): JsonObject {
  const refs = names.map((name) => ({ $ref: schemaPlace(name) }));
  return refs.length === 1 ? refs[0]! : { anyOf: refs };
}

/** Returns the content of a body. */
export function contentOf(
  schema: JsonObject,
  type = 'application/json',
  further: JsonObject = {},
): JsonObject {
  return { [type]: { schema, ...further } };
}

/** Describes the fields of an object, given by its JSON Schema, as parameters. */
export function parametersOf(place: 'query' | 'header', schema: JsonObject): JsonObject[] {
  const { properties = {}, required = [] } = schema as {
    properties?: JsonObject;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    ...(required.includes(name) && { required: true }),
    schema: field,
  }));
}
