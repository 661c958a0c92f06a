import type { Steps } from '../../base/async/steps.ts';
import type { TurnRequest } from '../../conversation/turn-request.ts';
import { linkCalls } from '../items/link-calls.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeModelObject } from '../request/decode-body.ts';
import { checkFields, checkOptionFields } from '../request/fields.ts';
import type { ParamNames } from '../request/notice-headers.ts';
import type { Policy } from '../request/policy.ts';
import {
  checkNames,
  decodeFormat,
  decodeLimit,
  decodeOptions,
  decodeWebSearch,
  paramNamesOf,
} from './decode-options.ts';
import { decodeTools } from './decode-tools.ts';
import { spellingOf } from './spellings.ts';

/** A chat completion request: the turns to run, and how to write their answer. */
export interface ChatRequest {
  readonly request: TurnRequest;
  readonly style: ChatStyle;
  readonly stream: boolean;
  /** Fields that are ignored, and values that are adjusted. */
  readonly compatibility: Compatibility;
  readonly paramNames: ParamNames;
}

/** Everything about the form of an answer that its request decides. */
export interface ChatStyle {
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** Number of choices. */
  readonly n: number;
  /** Names of tools whose calls are `custom`. */
  readonly customTools: ReadonlySet<string>;
  /** True if calls are written as `function_call`, because the request has `functions`. */
  readonly legacyCalls: boolean;
  readonly metadata: object | undefined;
}

/** Decodes the body of `POST /v1/chat/completions`; throws a `GatewayError` that names the field. */
export function* decodeChatRequest(body: unknown, policy: Policy): Steps<ChatRequest> {
  const object = decodeModelObject(body, policy);
  const spelling = spellingOf(object);
  const compatibility = createCompatibility(policy.strict);
  const { fields, enforcedLimits } = spelling;
  const known = policy.enforceMaxTokens ? { ...fields, ...enforcedLimits } : fields;
  checkFields(object, known, [], compatibility);
  const chat = spelling.decodeBody(object);
  checkOptionFields(object, spelling.optionFields, compatibility);
  checkNames(chat, compatibility);
  const { tools, callRequired, customTools, legacyCalls } = yield* decodeTools(chat, compatibility);
  const items = yield* spelling.decodeItems(object, compatibility);
  const n = chat.n ?? 1;
  return {
    request: {
      turn: {
        model: chat.model,
        items: linkCalls(items, spelling),
        tools,
        singleCall: legacyCalls || chat.parallel_tool_calls === false,
        webSearch: decodeWebSearch(chat),
        ...decodeOptions(chat),
      },
      n,
      callRequired,
      format: decodeFormat(chat, compatibility),
      stop: [chat.stop ?? []].flat(),
      maxTokens: policy.enforceMaxTokens ? decodeLimit(chat) : undefined,
    },
    style: {
      includeUsage: chat.stream_options?.include_usage ?? false,
      n,
      customTools,
      legacyCalls,
      metadata: chat.metadata ?? undefined,
    },
    stream: chat.stream ?? false,
    compatibility,
    paramNames: paramNamesOf(chat, legacyCalls),
  };
}
