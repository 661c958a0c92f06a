/** What items of one kind have in common. */
export interface ItemForm {
  /** With which their ids begin. */
  readonly prefix: string;
  /** Whether they have a `status`. */
  readonly ends?: true;
}

const FORMS: Readonly<Record<string, ItemForm>> = {
  message: { prefix: 'msg_', ends: true },
  function_call: { prefix: 'fc_', ends: true },
  function_call_output: { prefix: 'fco_', ends: true },
  custom_tool_call: { prefix: 'ctc_', ends: true },
  custom_tool_call_output: { prefix: 'ctco_', ends: true },
  reasoning: { prefix: 'rs_', ends: true },
  web_search_call: { prefix: 'ws_', ends: true },
  tool_search_call: { prefix: 'tsc_', ends: true },
  tool_search_output: { prefix: 'tso_', ends: true },
  file_search_call: { prefix: 'fs_', ends: true },
  code_interpreter_call: { prefix: 'ci_', ends: true },
  image_generation_call: { prefix: 'ig_', ends: true },
  mcp_call: { prefix: 'mcp_', ends: true },
  additional_tools: { prefix: 'at_' },
  compaction: { prefix: 'cmp_' },
};

const OTHER: ItemForm = { prefix: 'item_' };

/** By the `type` of an item. */
export function formOf(type: string): ItemForm {
  return Object.hasOwn(FORMS, type) ? FORMS[type]! : OTHER;
}
