import type { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import { contentOf, openApiDocument, parametersOf, refToSchema } from '../../base/openapi.ts';
import { itaTools, type ItaTool } from '../ita/ita-tools.ts';
import type { AnyTool } from '../tool.ts';
import { API_HEADERS, API_PARAMETERS, API_SHAPES, SECURITY_SCHEMES } from './api-shapes.ts';
import { describeSchemas } from './describe-schemas.ts';
import { describeRefusals, refusalsFor, REQUEST_ID_HEADER, type ErrorShape } from './refusals-of-api.ts';

const V1 = { prefix: '/tools/v1', idPrefix: '', tag: 'tools', errors: 'Problem' } as const;
const ITA = { prefix: '/tools/ita', idPrefix: 'ita', tag: 'ita', errors: 'ItaError' } as const;

const HEADERS = {
  tools: ['RequestId'],
  ita: ['RequiredRequestId'],
} as const;

/** Returns the description of the API of tools by OpenAPI 3.1. */
export function describeToolApi(tools: readonly AnyTool[]): JsonObject {
  const forIta = itaTools(tools);
  const paths = gatherPaths([
    [`${V1.prefix}/catalog`, 'get', readOperation(V1, 'catalog', 'List the tools', 'Catalog')],
    ['/tools/openapi.json', 'get', readOperation(V1, 'openapi', 'Describe the API', 'Description')],
    ...tools.map((tool) => [`${V1.prefix}${tool.path}`, 'post', callOperation(V1, tool)] as const),
    [`${ITA.prefix}/healthz`, 'get', readOperation(ITA, 'healthz', 'Ask if the server answers', 'Health')],
    [`${ITA.prefix}/catalog/tools`, 'get', readOperation(ITA, 'catalog', 'List the tools', 'Catalog')],
    ...forIta.map((entry) => [`${ITA.prefix}${entry.tool.path}`, 'post', itaOperation(entry)] as const),
  ]);
  return openApiDocument({
    title: 'Internal tools of codex-gateway',
    description: 'One set of tools that assistants, scripts and people call.',
    tags: [
      { name: V1.tag, description: 'The tools.' },
      { name: ITA.tag, description: 'The same for clients of the Internal Tools API.' },
    ],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: API_PARAMETERS,
      headers: API_HEADERS,
      responses: {
        ...describeRefusals('Problem', statusesOf(paths, V1.errors)),
        ...describeRefusals('ItaError', statusesOf(paths, ITA.errors)),
      },
      schemas: { ...describeShapes(), ...describeTools(tools, V1.idPrefix), ...describeItaTools(forIta) },
    },
  });
}

/** Gathers operations by path; one path may have several. */
function gatherPaths(
  operations: readonly (readonly [path: string, method: string, operation: JsonObject])[],
): Record<string, JsonObject> {
  const paths: Record<string, JsonObject> = {};
  for (const [path, method, operation] of operations) paths[path] = { ...paths[path], [method]: operation };
  return paths;
}

interface Surface {
  readonly idPrefix: string;
  readonly tag: keyof typeof HEADERS;
  readonly errors: ErrorShape;
}

function readOperation(surface: Surface, name: string, summary: string, answer: string): JsonObject {
  return {
    ...headOf(surface, name, summary),
    parameters: parametersFor(surface),
    responses: { '200': okWith(summary, refToSchema(answer)), ...refusalsFor(surface.errors) },
  };
}

function callOperation(surface: Surface, tool: AnyTool, query: readonly JsonObject[] = []): JsonObject {
  const { name, title, description, example } = tool;
  const named = `${surface.idPrefix}.${name}`;
  const { required = [] } = describeSchemas(tool).input;
  return {
    ...headOf(surface, name, title),
    description,
    parameters: [...parametersFor(surface, 'Assistant', 'IdempotencyKey'), ...query],
    requestBody: {
      required: (required as readonly string[]).length > 0,
      content: contentOf(
        refToSchema(`${pascalCase(named)}Input`),
        'application/json',
        example && { example: example.input },
      ),
    },
    responses: {
      '200': okWith(title, refToSchema(`${pascalCase(named)}Output`), example && { example: example.output }),
      ...refusalsFor(surface.errors, tool),
    },
  };
}

function itaOperation(entry: ItaTool): JsonObject {
  const { properties } = describeSchemas(entry.tool).input as { properties: JsonObject };
  const isParameter = ([name]: [string, unknown]) => entry.parameters.includes(name);
  const query = { properties: Object.fromEntries(Object.entries(properties).filter(isParameter)) };
  return callOperation(ITA, asTool(entry), parametersOf('query', query));
}

/** Returns the tool with the schemas that the body and the answer have. */
function asTool({ tool, body, answer, parameters, encodeAnswer }: ItaTool): AnyTool {
  const { example, ...rest } = tool;
  const isField = ([name]: [string, unknown]) => !parameters.includes(name);
  return {
    ...rest,
    input: body,
    output: answer,
    ...(example && {
      example: {
        input: Object.fromEntries(Object.entries(example.input as JsonObject).filter(isField)),
        output: encodeAnswer(example.output as JsonObject),
      },
    }),
  };
}

function headOf({ idPrefix, tag, errors }: Surface, name: string, summary: string): JsonObject {
  const id = pascalCase(`${idPrefix}.${name}`);
  return {
    operationId: `${id.charAt(0).toLowerCase()}${id.slice(1)}`,
    summary,
    tags: [tag],
    ...(errors === 'ItaError' && { security: [{ apiKey: [] }] }),
  };
}

function parametersFor({ tag }: Surface, ...further: readonly string[]): JsonObject[] {
  return [...HEADERS[tag], ...further].map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function okWith(description: string, schema: JsonObject, further: JsonObject = {}): JsonObject {
  return {
    description,
    headers: REQUEST_ID_HEADER,
    content: contentOf(schema, 'application/json', further),
  };
}

/** Returns the statuses that operations answer with errors of a shape. */
function statusesOf(paths: Readonly<Record<string, JsonObject>>, shape: ErrorShape): ReadonlySet<string> {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods) as JsonObject[]);
  const answers = operations.flatMap(({ responses }) =>
    Object.entries(responses as Record<string, JsonObject>),
  );
  return new Set(
    answers.filter(([, { $ref }]) => String($ref).includes(`/${shape}`)).map(([status]) => status),
  );
}

function describeShapes(): JsonObject {
  return Object.fromEntries(
    Object.entries(API_SHAPES).map(([name, shape]) => [name, schemaOf(name, shape, 'output')]),
  );
}

function describeItaTools(tools: readonly ItaTool[]): JsonObject {
  return describeTools(tools.map(asTool), ITA.idPrefix);
}

function describeTools(tools: readonly AnyTool[], idPrefix: string): JsonObject {
  return Object.fromEntries(
    tools.flatMap(({ name, input, output }) => {
      const named = pascalCase(`${idPrefix}.${name}`);
      return [
        [`${named}Input`, schemaOf(`${named}Input`, input, 'input')],
        [`${named}Output`, schemaOf(`${named}Output`, output, 'output')],
      ];
    }),
  );
}

/** Returns a schema as a part of the document. */
function schemaOf(name: string, schema: z.ZodObject, side: 'input' | 'output'): JsonObject {
  const { $schema: _, ...described } = describeSchemas({ input: schema, output: schema })[side];
  // References lead from the root of the document.
  const text = JSON.stringify(described).replaceAll('"$ref":"#', `"$ref":"#/components/schemas/${name}`);
  return JSON.parse(text) as JsonObject;
}

function pascalCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
