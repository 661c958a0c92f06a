import { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import { contentOf, openApiDocument, parametersOf, refToSchema, schemaPlace } from '../../base/openapi.ts';
import { EVENT_TYPES } from '../events/session-event.ts';
import { NAMED_SCHEMAS, SNAPSHOT } from './answers.ts';
import { OPERATIONS, type Operation } from './operations.ts';

/** A route, as the server has it: `/chat/sessions/:id`. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
}

/** Failures by status. The checks before a route answer in the shape of `/v1`; a 403 may come from them or from the route. */
const FAILURES: Readonly<
  Record<string, { readonly description: string; readonly shapes: readonly string[] }>
> = {
  '401': { description: 'The access token is missing or wrong.', shapes: ['CheckError'] },
  '403': {
    description:
      'The token lacks the scope `sessions`, or `tools` for a session with tools, or the place is not allowed.',
    shapes: ['Error', 'CheckError'],
  },
  '404': { description: 'There is no such session, message or turn.', shapes: ['Error'] },
  '409': { description: 'The state of the session does not allow it.', shapes: ['Error'] },
  '413': { description: 'The body is too large.', shapes: ['CheckError'] },
  '429': { description: 'The token has reached a limit.', shapes: ['CheckError'] },
  default: { description: 'The request is refused.', shapes: ['Error'] },
};

/** Returns the description of routes by OpenAPI 3.1. A route that has no operation is left out. */
export function describeApi(routes: readonly DescribedRoute[]): JsonObject {
  const encode = createEncoder();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path: pattern } of routes) {
    const path = pattern.replaceAll(/:(\w+)/g, '{$1}');
    const operation = OPERATIONS[`${method.toUpperCase()} ${path}`];
    if (operation !== undefined)
      paths[path] = { ...paths[path], [method]: describeOperation(path, operation, encode) };
  }
  return openApiDocument({
    title: 'Agent sessions of codex-gateway',
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: encode.named(),
    },
  });
}

function describeOperation(path: string, operation: Operation, encode: SchemaEncoder): JsonObject {
  const { summary, query, headers, body, status } = operation;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(query ? parametersOf('query', encode.schema(query)) : []),
    ...(headers ? parametersOf('header', encode.schema(headers)) : []),
  ];
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { content: contentOf(encode.schema(body)) } }),
    responses: {
      [status]: { description: summary, ...describeContent(operation, encode) },
      ...Object.fromEntries(
        Object.entries(FAILURES).map(([code, { description, shapes }]) => [
          code,
          { description, content: contentOf(refToSchema(...shapes)) },
        ]),
      ),
    },
  };
}

function describeContent({ answer, isStream = false }: Operation, encode: SchemaEncoder): JsonObject {
  if (isStream) {
    const events = EVENT_TYPES.map((type) => refToSchema(`event.${type}`));
    const schema = { oneOf: [encode.schema(SNAPSHOT), ...events] };
    return { content: contentOf(schema, 'text/event-stream') };
  }
  return answer === undefined ? {} : { content: contentOf(encode.schema(answer)) };
}

interface SchemaEncoder {
  /** Returns the schema of an operation, with references to those that have a name. */
  schema(schema: z.ZodType): JsonObject;
  /** Returns all schemas that have a name. */
  named(): JsonObject;
}

/** Encodes all schemas at once: each of them is looked at in all others. */
function createEncoder(): SchemaEncoder {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED_SCHEMAS)) registry.add(schema, { id });
  const nameless = Object.values(OPERATIONS).flatMap(({ query, headers, body, answer }) => [
    query,
    headers,
    body,
    answer,
  ]);
  const ids = new Map<z.ZodType, string>();
  for (const schema of [SNAPSHOT, ...nameless]) {
    if (schema === undefined || ids.has(schema)) continue;
    ids.set(schema, `nameless.${ids.size}`);
    registry.add(schema, { id: ids.get(schema)! });
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: schemaPlace,
    // In an answer, a client has to expect further fields, as the gateway does in a request.
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      delete jsonSchema.readOnly;
    },
  });
  const encode = (id: string): JsonObject => {
    const { $schema: _, $id: _id, ...schema } = schemas[id]!;
    return schema;
  };
  return {
    schema: (schema) => encode(ids.get(schema)!),
    named: () => Object.fromEntries(Object.keys(NAMED_SCHEMAS).map((name) => [name, encode(name)])),
  };
}
