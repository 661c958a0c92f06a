import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { Tool } from '../../conversation/tool.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { invalidValue } from '../request/refusals.ts';
import { decodeLegacyTool, decodeTool } from '../vocabulary/decode-tool.ts';
import { isHosted, isWebSearch, withoutHosted } from '../vocabulary/hosted-tools.ts';
import { decodeToolChoice } from '../vocabulary/decode-tool-choice.ts';
import type { ChatBody } from './schema.ts';

/** What the model is offered to call, and how its calls are to come back. */
export interface Offer {
  readonly tools: readonly Tool[];
  readonly callRequired: string | undefined;
  /** Names of tools whose calls are `custom`. */
  readonly customTools: ReadonlySet<string>;
  /** Whether they were offered by `functions`. */
  readonly legacyCalls: boolean;
}

/** A search of the web is asked for in another way here. */
const isMissingInChat = (type: unknown): type is string => isHosted(type) || isWebSearch(type);

/** Where the choice may stand, its usual place first. */
const CHOICES = {
  modern: ['tool_choice', 'function_call'],
  legacy: ['function_call', 'tool_choice'],
} as const;

/** `tools`, or `functions` as they were called before, narrowed by the choice. */
export function* decodeTools(chat: ChatBody, compatibility: Compatibility): Steps<Offer> {
  const modern = chat.tools ?? [];
  const legacy = chat.functions ?? [];
  if (modern.length > 0 && legacy.length > 0) {
    throw invalidValue('functions', "send either 'tools' or 'functions'");
  }
  const decoded = [
    ...(yield* mapInSteps(
      withoutHosted(modern, ['tools'], compatibility, isMissingInChat),
      ([index, value]) => decodeTool(value, ['tools', index], compatibility),
    )),
    ...(yield* mapInSteps(legacy, (value, index) =>
      decodeLegacyTool(value, ['functions', index], compatibility),
    )),
  ];
  const tools = decoded.map(({ tool }) => tool);
  checkNames(tools);
  const legacyCalls = legacy.length > 0;
  const field = CHOICES[legacyCalls ? 'legacy' : 'modern'].find((name) => (chat[name] ?? null) !== null);
  return {
    ...decodeToolChoice(field && chat[field], tools, { field: field ?? 'tool_choice', compatibility }),
    customTools: new Set(decoded.filter(({ custom }) => custom).map(({ tool }) => tool.name)),
    legacyCalls,
  };
}

function checkNames(tools: readonly Tool[]): void {
  const names = new Set<string>();
  for (const { name, path } of tools) {
    if (names.has(name)) throw invalidValue(`${path}.name`, `two tools are called '${name}'`);
    names.add(name);
  }
}
