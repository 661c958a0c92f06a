import type { JsonObject } from '../../base/json.ts';
import type { Steps } from '../../base/async/steps.ts';
import type { Item } from '../../conversation/item.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { linkCalls, type LinkOptions } from '../items/link-calls.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeBody, decodeModelObject } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { inGivenNames, type GivenNames } from '../request/given-names.ts';
import type { PartNames } from '../request/notice-headers.ts';
import type { Policy } from '../request/policy.ts';
import { decodeChatInput } from '../items/decode-input.ts';
import { checkOptions } from './check-options.ts';
import { decodeFormat } from './decode-format.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeLimit, decodeOptions, decodeWebSearch, namesOfParts } from './decode-options.ts';
import { decodeTools, type Offer } from './decode-tools.ts';
import { ENFORCED_LIMIT_FIELDS, FURTHER_FIELDS, REQUEST_FIELDS, RESPONSES_BODY_FIELDS } from './fields.ts';
import { checkRenamed, toChatShape } from './responses-shape.ts';
import { chatRequestSchema, type ChatBody } from './schema.ts';

/** A chat completion request: what the model is to do, and how the answer is to be written. */
export interface ChatRequest {
  readonly request: TurnRequest;
  readonly style: AnswerStyle;
  readonly stream: boolean;
  /** What was left out, or will be done in another way. */
  readonly compatibility: Compatibility;
  /** What the caller's body calls the parts of the turn request. */
  readonly partNames: PartNames;
}

/** How an answer is written, beside what it says. */
export interface AnswerStyle {
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** How many choices there are. */
  readonly answers: number;
  /** Names of tools whose calls are `custom`. */
  readonly customTools: ReadonlySet<string>;
  /** Whether a call is written as `function_call`, because it was offered by `functions`. */
  readonly legacyCalls: boolean;
  readonly metadata: object | undefined;
}

/** Decodes the body of `POST /v1/chat/completions`; throws a `GatewayError` that names the field. */
export function* decodeChatRequest(body: unknown, policy: Policy): Steps<ChatRequest> {
  const shape = chooseShape(decodeModelObject(body, policy));
  try {
    return yield* decodeShape(shape, policy);
  } catch (error) {
    throw inGivenNames(error, shape.names);
  }
}

function* decodeShape(
  { given, names, fields, check, items, results }: Shape,
  policy: Policy,
): Steps<ChatRequest> {
  const compatibility = createCompatibility(policy.strict, names);
  const known = policy.enforceMaxTokens ? { ...fields, ...ENFORCED_LIMIT_FIELDS } : fields;
  checkFields(given, known, [], compatibility);
  const chat = decodeBody(chatRequestSchema, given);
  check(compatibility);
  const offer = yield* decodeTools(chat, compatibility);
  const said = yield* items(compatibility);
  return {
    request: {
      turn: {
        model: chat.model,
        items: linkCalls(said, { results }),
        tools: offer.tools,
        singleCall: offer.legacyCalls || chat.parallel_tool_calls === false,
        webSearch: decodeWebSearch(chat),
        ...decodeOptions(chat),
      },
      n: chat.n ?? 1,
      callRequired: offer.callRequired,
      format: decodeFormat(chat.response_format, compatibility),
      stop: [chat.stop ?? []].flat(),
      maxTokens: policy.enforceMaxTokens ? decodeLimit(given) : undefined,
    },
    style: styleOf(chat, offer),
    stream: chat.stream ?? false,
    compatibility,
    partNames: namesOfParts(chat, compatibility, offer.legacyCalls),
  };
}

function styleOf(chat: ChatBody, { customTools, legacyCalls }: Offer): AnswerStyle {
  const includeUsage = chat.stream_options?.include_usage ?? false;
  return {
    includeUsage,
    answers: chat.n ?? 1,
    customTools,
    legacyCalls,
    metadata: chat.metadata ?? undefined,
  };
}

interface Shape {
  /** The body, with the fields of a chat completion. */
  readonly given: JsonObject;
  /** What they are called in the body as it came, where that is something else. */
  readonly names: GivenNames;
  readonly fields: Fields;
  /** Leaves out, or refuses, what its options hold beside what is known of them. */
  check(compatibility: Compatibility): void;
  items(compatibility: Compatibility): Steps<Item[]>;
  readonly results: LinkOptions['results'];
}

const CHAT_FIELDS: Fields = { ...REQUEST_FIELDS, ...FURTHER_FIELDS };
const RESPONSES_SHAPE_FIELDS: Fields = { ...CHAT_FIELDS, ...RESPONSES_BODY_FIELDS };

/** Some clients send the body of a Responses request here, and want the chunks of a chat completion. */
function chooseShape(given: JsonObject): Shape {
  if ((given.messages ?? null) !== null || (given.input ?? null) === null) {
    return {
      given,
      names: {},
      fields: CHAT_FIELDS,
      check: (compatibility) => checkOptions(given, compatibility),
      items: (compatibility) => decodeMessages(given, compatibility),
      results: 'adjacent',
    };
  }
  const { body, names } = toChatShape(given);
  return {
    given: body,
    names,
    fields: RESPONSES_SHAPE_FIELDS,
    check(compatibility) {
      checkOptions(body, compatibility);
      checkRenamed(given, compatibility);
    },
    items: (compatibility) => decodeChatInput(given, compatibility),
    results: 'anywhere',
  };
}
