import { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import { ASSISTANTS } from '../tool.ts';

const anyObject = z.record(z.string(), z.unknown());

const catalog = z.strictObject({
  tools: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      method: z.literal('POST'),
      path: z.string(),
      input_schema: anyObject,
      output_schema: anyObject,
      annotations: z.strictObject({
        readOnlyHint: z.boolean(),
        destructiveHint: z.boolean(),
        idempotentHint: z.boolean(),
        openWorldHint: z.boolean(),
      }),
    }),
  ),
});

const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  errors: z
    .array(
      z.strictObject({ pointer: z.string().describe('A JSON pointer into the body.'), detail: z.string() }),
    )
    .optional(),
});

const FIELD_PROBLEM = "There is no such field. Did you mean 'query'?";

const PROBLEM_EXAMPLE = {
  type: 'about:blank' as const,
  title: 'Bad Request',
  status: 400,
  detail: `'qeury': ${FIELD_PROBLEM}`,
  errors: [{ pointer: '#/qeury', detail: FIELD_PROBLEM }],
};

/** Shapes that have a name in the description. */
export const API_SHAPES: Readonly<Record<string, z.ZodObject>> = {
  Problem: problem.meta({ examples: [PROBLEM_EXAMPLE] }),
  ItaError: z
    .strictObject({ detail: z.string() })
    .meta({ examples: [{ detail: 'confirm=true is required when dry_run=false' }] }),
  ConnectionError: z.strictObject({
    error: z.strictObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  }),
  Catalog: catalog,
  Description: z.looseObject({ openapi: z.literal('3.1.0') }),
  Health: z.strictObject({ status: z.literal('ok'), timestamp: z.iso.datetime() }),
};

const REQUEST_ID = {
  name: 'X-Request-Id',
  in: 'header',
  description:
    'Id of the request, for its answer, the log and the audit. Made by the gateway if it is unfit.',
  schema: { type: 'string', minLength: 1 },
  example: '0f8b1c52-6d0e-4f3a-9f43-1c2a7c1d4e55',
};

/** Headers of requests. */
export const API_PARAMETERS: JsonObject = {
  RequestId: REQUEST_ID,
  RequiredRequestId: { ...REQUEST_ID, required: true },
  Assistant: {
    name: 'X-Assistant',
    in: 'header',
    description: 'The assistant that calls, for the audit.',
    schema: { type: 'string', enum: ASSISTANTS, default: 'script' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes a repetition safe: for 24 hours, the same key and body get the first answer again. With or without quotation marks.',
    schema: { type: 'string', minLength: 1 },
  },
};

/** Headers of answers. */
export const API_HEADERS: JsonObject = {
  RequestId: {
    description: 'Id of the request.',
    required: true,
    schema: { type: 'string', pattern: '^[!-~]{1,128}$' },
  },
};

export const SECURITY_SCHEMES: JsonObject = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A token of the gateway with the scope `tools`.' },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'A token of the gateway with the scope `tools`.',
  },
};
