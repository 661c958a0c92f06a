import { ignored, mapped, refused } from '../request/fields.ts';
import {
  CALL,
  CALL_OUTPUT,
  COMMON,
  IN_MESSAGE,
  PASSTHROUGH,
  PROVIDER_DETAIL,
  SENT,
  TOOL_SEARCH,
} from './item-fields.ts';
import type { ItemKind } from './item-handling.ts';
import * as schemas from './item-schemas.ts';

const TOOL_SEARCH_DEFAULTS = { call_id: null, execution: 'client', status: 'completed' };

const COMPACTION = {
  handling: 'compaction',
  fields: { ...COMMON, encrypted_content: mapped('the sealed summary') },
  schema: schemas.compactionSchema,
} as const;

const UNSUPPORTED_TOOL = {
  handling: 'unsupported',
  verdict: refused('its tool is not supported, and without the item the model would miss content'),
} as const;

/** Every type of item that a Responses request or response may contain, except `item_reference`, which stands for another item. */
export const ITEM_KINDS = {
  message: {
    handling: 'decoded',
    idPrefix: 'msg_',
    hasStatus: true,
    fields: {
      ...COMMON,
      role: mapped('the role'),
      content: mapped('text or parts'),
      name: ignored('models do not see names of participants'),
      phase: mapped('commentary or final answer'),
    },
    schema: schemas.messageItemSchema,
  },
  function_call: {
    handling: 'decoded',
    link: 'call',
    idPrefix: 'fc_',
    hasStatus: true,
    fields: { ...CALL, arguments: mapped('the arguments') },
    schema: schemas.functionCallSchema,
  },
  function_call_output: {
    handling: 'decoded',
    link: 'result',
    idPrefix: 'fco_',
    hasStatus: true,
    fields: CALL_OUTPUT,
    schema: schemas.callOutputSchema,
  },
  custom_tool_call: {
    handling: 'decoded',
    link: 'call',
    idPrefix: 'ctc_',
    hasStatus: true,
    fields: { ...CALL, input: mapped('the input') },
    schema: schemas.customCallSchema,
  },
  custom_tool_call_output: {
    handling: 'decoded',
    link: 'result',
    idPrefix: 'ctco_',
    hasStatus: true,
    fields: CALL_OUTPUT,
    schema: schemas.callOutputSchema,
  },
  reasoning: {
    handling: 'passthrough',
    idPrefix: 'rs_',
    hasStatus: true,
    fields: { ...PASSTHROUGH, summary: SENT, content: SENT, encrypted_content: SENT },
    schema: schemas.reasoningSchema,
    defaults: { summary: [] },
    includable: { 'reasoning.encrypted_content': ['encrypted_content'] },
  },
  web_search_call: {
    handling: 'passthrough',
    idPrefix: 'ws_',
    hasStatus: true,
    fields: { ...PASSTHROUGH, status: SENT, action: SENT },
    schema: schemas.webSearchCallSchema,
    includable: {
      'web_search_call.results': ['results'],
      'web_search_call.action.sources': ['action', 'sources'],
    },
  },
  tool_search_call: {
    handling: 'passthrough',
    link: 'call',
    idPrefix: 'tsc_',
    hasStatus: true,
    fields: { ...TOOL_SEARCH, arguments: SENT },
    schema: schemas.toolSearchCallSchema,
    defaults: TOOL_SEARCH_DEFAULTS,
  },
  tool_search_output: {
    handling: 'passthrough',
    link: 'result',
    idPrefix: 'tso_',
    hasStatus: true,
    fields: { ...TOOL_SEARCH, tools: SENT },
    schema: schemas.toolSearchOutputSchema,
    defaults: TOOL_SEARCH_DEFAULTS,
  },
  additional_tools: {
    handling: 'passthrough',
    idPrefix: 'at_',
    fields: { ...PASSTHROUGH, role: SENT, tools: SENT },
    schema: schemas.additionalToolsSchema,
  },
  agent_message: {
    handling: 'passthrough',
    idPrefix: 'item_',
    fields: { ...PASSTHROUGH, author: SENT, recipient: SENT, content: SENT },
    schema: schemas.agentMessageSchema,
  },
  configuration_update: {
    handling: 'passthrough',
    idPrefix: 'item_',
    fields: { ...COMMON, type: SENT, reasoning: SENT, text: ignored('Codex has no such setting') },
    schema: schemas.configurationUpdateSchema,
  },
  file_search_call: {
    handling: 'provider-result',
    idPrefix: 'fs_',
    hasStatus: true,
    fields: { ...COMMON, queries: IN_MESSAGE, results: IN_MESSAGE },
    schema: schemas.fileSearchCallSchema,
    resultFields: ['results'],
    whenEmpty: ignored('it holds no results'),
  },
  code_interpreter_call: {
    handling: 'provider-result',
    idPrefix: 'ci_',
    hasStatus: true,
    fields: { ...COMMON, code: IN_MESSAGE, outputs: IN_MESSAGE, container_id: PROVIDER_DETAIL },
    schema: schemas.codeInterpreterCallSchema,
    resultFields: ['outputs'],
    whenEmpty: ignored('it holds no outputs'),
  },
  image_generation_call: {
    handling: 'provider-result',
    idPrefix: 'ig_',
    hasStatus: true,
    fields: {
      ...COMMON,
      result: IN_MESSAGE,
      revised_prompt: IN_MESSAGE,
      output_format: IN_MESSAGE,
      action: PROVIDER_DETAIL,
      background: PROVIDER_DETAIL,
      error: PROVIDER_DETAIL,
      quality: PROVIDER_DETAIL,
      size: PROVIDER_DETAIL,
      svg_usage: PROVIDER_DETAIL,
    },
    schema: schemas.imageGenerationCallSchema,
    resultFields: ['result'],
    whenEmpty: ignored('it holds no image'),
  },
  mcp_call: {
    handling: 'provider-result',
    idPrefix: 'mcp_',
    hasStatus: true,
    fields: {
      ...COMMON,
      name: IN_MESSAGE,
      server_label: IN_MESSAGE,
      arguments: IN_MESSAGE,
      output: IN_MESSAGE,
      error: IN_MESSAGE,
      approval_request_id: PROVIDER_DETAIL,
    },
    schema: schemas.mcpCallSchema,
    resultFields: ['output', 'error'],
    whenEmpty: ignored('it holds no output'),
  },
  compaction: { ...COMPACTION, idPrefix: 'cmp_' },
  context_compaction: { ...COMPACTION, idPrefix: 'item_' },
  mcp_list_tools: { handling: 'unsupported', verdict: ignored('MCP tools cannot be called here') },
  mcp_approval_request: { handling: 'unsupported', verdict: ignored('MCP tools cannot be called here') },
  mcp_approval_response: { handling: 'unsupported', verdict: refused('MCP tools cannot be called here') },
  computer_call: UNSUPPORTED_TOOL,
  computer_call_output: UNSUPPORTED_TOOL,
  local_shell_call: UNSUPPORTED_TOOL,
  local_shell_call_output: UNSUPPORTED_TOOL,
  shell_call: UNSUPPORTED_TOOL,
  shell_call_output: UNSUPPORTED_TOOL,
  apply_patch_call: UNSUPPORTED_TOOL,
  apply_patch_call_output: UNSUPPORTED_TOOL,
  program: UNSUPPORTED_TOOL,
  program_output: UNSUPPORTED_TOOL,
  compaction_trigger: {
    handling: 'unsupported',
    verdict: refused('use `POST /v1/responses/compact` to make a summary'),
  },
} as const satisfies Readonly<Record<string, ItemKind>>;

export type ItemType = keyof typeof ITEM_KINDS;

/** The types of items that are handled in one way. */
export type ItemTypeOf<H extends ItemKind['handling']> = {
  [T in ItemType]: (typeof ITEM_KINDS)[T]['handling'] extends H ? T : never;
}[ItemType];

export const ITEM_TYPES = Object.keys(ITEM_KINDS) as readonly ItemType[];

/** Returns what is known of a type; undefined for an unknown one. */
export function itemKindOf(type: string): ItemKind | undefined {
  return Object.hasOwn(ITEM_KINDS, type) ? ITEM_KINDS[type as ItemType] : undefined;
}

export function isHandledAs<H extends ItemKind['handling']>(
  handling: H,
  type: string,
): type is ItemTypeOf<H> {
  return itemKindOf(type)?.handling === handling;
}

/** Returns the beginning of the ids of items of a type, known or not. */
export function idPrefixOf(type: string): string {
  const kind = itemKindOf(type);
  return kind && 'idPrefix' in kind ? kind.idPrefix : 'item_';
}

/** Returns true if items of a type have a `status`. */
export function hasStatus(type: string): boolean {
  const kind = itemKindOf(type);
  return kind !== undefined && 'hasStatus' in kind;
}
