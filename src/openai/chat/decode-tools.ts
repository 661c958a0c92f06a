import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { Tool } from '../../conversation/tool.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { invalidValue } from '../request/refusals.ts';
import { checkToolNames, decodeLegacyTool, decodeTool } from '../vocabulary/decode-tool.ts';
import { isHosted, isWebSearch, withoutHosted } from '../vocabulary/hosted-tools.ts';
import { decodeToolChoice } from '../vocabulary/decode-tool-choice.ts';
import type { ChatBody } from './schema.ts';

/** Tools of a request that the model may call, and the form of their calls. */
interface ChatTools {
  readonly tools: readonly Tool[];
  /** The choice that requires a call, for a notice. */
  readonly callRequired: string | undefined;
  /** Names of tools whose calls are `custom`. */
  readonly customTools: ReadonlySet<string>;
  /** True if the request has `functions` instead of `tools`. */
  readonly legacyCalls: boolean;
}

/** Includes web search, which has an option of its own in chat completions. */
const isUnsupportedInChat = (type: unknown): type is string => isHosted(type) || isWebSearch(type);

/** Fields that may hold the choice, the usual one first. */
const CHOICES = {
  modern: ['tool_choice', 'function_call'],
  legacy: ['function_call', 'tool_choice'],
} as const;

/** Decodes `tools`, or `functions` as the field was called before, and reduces them to the choice. */
export function* decodeTools(chat: ChatBody, compatibility: Compatibility): Steps<ChatTools> {
  const modern = chat.tools ?? [];
  const legacy = chat.functions ?? [];
  if (modern.length > 0 && legacy.length > 0) {
    throw invalidValue(['functions'], "send either 'tools' or 'functions'");
  }
  const decoded = [
    ...(yield* mapInSteps(
      withoutHosted(modern, ['tools'], compatibility, isUnsupportedInChat),
      ([index, value]) => decodeTool(value, ['tools', index], compatibility),
    )),
    ...(yield* mapInSteps(legacy, (value, index) =>
      decodeLegacyTool(value, ['functions', index], compatibility),
    )),
  ];
  const tools = decoded.map(({ tool }) => tool);
  checkToolNames(tools, ({ path }) => `${path}.name`);
  const legacyCalls = legacy.length > 0;
  const field = CHOICES[legacyCalls ? 'legacy' : 'modern'].find((name) => (chat[name] ?? null) !== null);
  return {
    ...decodeToolChoice(field && chat[field], tools, { field: field ?? 'tool_choice', compatibility }),
    customTools: new Set(decoded.filter(({ custom }) => custom).map(({ tool }) => tool.name)),
    legacyCalls,
  };
}
