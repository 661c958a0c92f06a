import { isJsonObject, type JsonObject } from '../../src/base/json.ts';
import type { WireSchema } from './wire-schema.ts';

interface Amendment {
  /** Properties that are not declared, or in another way. */
  readonly has?: JsonObject;
  /** Properties that clients read, whether they are declared as optional or not. */
  readonly needs?: readonly string[];
  /** Properties that the client adds by itself. */
  readonly lacks?: readonly string[];
}

const STATUS = { enum: ['in_progress', 'completed', 'incomplete'] };
const ITEM: Amendment = { needs: ['id', 'status'] };
const PENALTY = { type: 'number' };

/** Places where the wire is stricter than the client declares, or has more fields. */
const AMENDMENTS: Readonly<Record<string, Amendment>> = {
  Response: {
    lacks: ['output_text'],
    has: {
      store: { type: 'boolean' },
      presence_penalty: PENALTY,
      frequency_penalty: PENALTY,
      temperature: { type: 'number' },
      top_p: { type: 'number' },
      // As long as nothing was counted.
      usage: { anyOf: [{ $ref: '#/definitions/ResponseUsage' }, { type: 'null' }] },
    },
    needs: [
      'background',
      'completed_at',
      'frequency_penalty',
      'max_output_tokens',
      'presence_penalty',
      'previous_response_id',
      'reasoning',
      'service_tier',
      'status',
      'store',
      'text',
      'top_logprobs',
      'truncation',
      'usage',
    ],
  },
  ResponseFormatTextJSONSchemaConfig: { has: { description: { type: ['string', 'null'] } } },
  ResponseUsage: { has: { estimated: { const: true } } },
  // As OpenAI documents it: messages of the user, and one compaction.
  CompactedResponse: { has: { output: { type: 'array', items: { $ref: '#/definitions/ResponseItem' } } } },
  InputTokenCountResponse: { has: { estimated: { const: true } } },
  ResponseError: { needs: ['type', 'param'] },
  ResponseFunctionToolCall: ITEM,
  ResponseReasoningItem: ITEM,
  ResponseCustomToolCall: { ...ITEM, has: { status: STATUS } },
  ResponseOutputText: { needs: ['logprobs'] },
  // Some clients read the fields of the event, others those of the object in it.
  ResponseErrorEvent: { needs: ['error'], has: { error: { type: 'object' } } },
};

/** The one event that no client declares, and none fails by. */
const KEEPALIVE: JsonObject = {
  type: 'object',
  properties: { type: { const: 'keepalive' }, sequence_number: { type: 'number' } },
  required: ['type', 'sequence_number'],
  additionalProperties: false,
};

/** The schema with the amendments; each of its unions looks at `type` first, so that it can tell what is wrong. */
export function amend({ definitions, properties }: WireSchema): WireSchema {
  const amended = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, change(definition, AMENDMENTS[name])]),
  );
  const { anyOf } = amended.ResponseStreamEvent as { anyOf: JsonObject[] };
  const known = {
    ...amended,
    Keepalive: KEEPALIVE,
    ResponseStreamEvent: { anyOf: [...anyOf, { $ref: '#/definitions/Keepalive' }] },
  };
  return { properties, definitions: discriminate(known, known) as WireSchema['definitions'] };
}

function change(definition: JsonObject, { has = {}, needs = [], lacks = [] }: Amendment = {}): JsonObject {
  if (definition.properties === undefined) return definition;
  const { properties, required = [] } = definition as { properties: JsonObject; required?: string[] };
  const kept = Object.entries(properties).filter(([name]) => !lacks.includes(name));
  return {
    ...definition,
    properties: { ...Object.fromEntries(kept), ...has },
    required: [...new Set([...required, ...needs])].filter((name) => !lacks.includes(name)),
  };
}

function discriminate(value: unknown, definitions: WireSchema['definitions']): unknown {
  if (Array.isArray(value)) return value.map((one) => discriminate(one, definitions));
  if (!isJsonObject(value)) return value;
  const changed = Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, discriminate(one, definitions)]),
  );
  const { anyOf, ...rest } = changed;
  if (!Array.isArray(anyOf)) return changed;
  const types = (anyOf as JsonObject[]).map((member) => typeOf(member, definitions));
  const isUnion = types.every((type, index) => type !== undefined && types.indexOf(type) === index);
  if (!isUnion) return changed;
  return {
    ...rest,
    type: 'object',
    required: ['type'],
    discriminator: { propertyName: 'type' },
    oneOf: anyOf,
  };
}

function typeOf({ $ref }: JsonObject, definitions: WireSchema['definitions']): unknown {
  const definition = definitions[String($ref).replace('#/definitions/', '')];
  const { type } = (definition?.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  return type?.const;
}
