import { accepted, ignored, mapped, only, refused, type Fields } from '../request/fields.ts';

const TYPE = mapped('the kind');

/** Clients send back items as they got them. */
const ITEM: Fields = {
  type: TYPE,
  id: accepted('told by the answer'),
  status: accepted('told by the answer'),
  internal_chat_message_metadata_passthrough: accepted('of Codex, for itself'),
};

const directOnly = (value: unknown) => (value as { type?: unknown }).type === 'direct';
const CALLER = ignored('only the model itself calls', { neutral: directOnly });

const CALL: Fields = {
  ...ITEM,
  call_id: mapped('by which its result refers to it'),
  name: mapped('its name'),
  namespace: mapped('the group of its tool'),
  async: ignored('each call needs its result before the model goes on', { neutral: only(false) }),
  caller: CALLER,
};

const OUTPUT: Fields = {
  ...ITEM,
  call_id: mapped('its call'),
  output: mapped('text or parts'),
  name: accepted('told by its call'),
  namespace: accepted('told by its call'),
  caller: CALLER,
};

/** What an input item of each kind may hold that everyone can read. */
export const ITEM_FIELDS = {
  message: {
    ...ITEM,
    role: mapped('the role'),
    content: mapped('text or parts'),
    name: ignored('the models know no names'),
    phase: mapped('what an answer was'),
  },
  function_call: { ...CALL, arguments: mapped('its arguments') },
  function_call_output: OUTPUT,
  custom_tool_call: { ...CALL, input: mapped('its input') },
  custom_tool_call_output: OUTPUT,
} as const satisfies Record<string, Fields>;

/** What is unknown of reasoning that nobody can read. */
export const LOST_REASONING_FIELDS: Fields = {
  ...ITEM,
  summary: accepted('left out with its item'),
  content: accepted('left out with its item'),
  encrypted_content: accepted('left out with its item'),
};

const SENT = mapped('as it came');

const NATIVE: Fields = { ...ITEM, type: SENT, id: SENT };
const SEARCH: Fields = { ...NATIVE, status: SENT, call_id: SENT, execution: SENT };

/** What items may hold that go up in the provider's own form; what is `mapped` stays in them. */
export const NATIVE_FIELDS = {
  reasoning: { ...NATIVE, summary: SENT, content: SENT, encrypted_content: SENT },
  web_search_call: { ...NATIVE, status: SENT, action: SENT },
  tool_search_call: { ...SEARCH, arguments: SENT },
  tool_search_output: { ...SEARCH, tools: SENT },
  additional_tools: { ...NATIVE, role: SENT, tools: SENT },
  agent_message: { ...NATIVE, author: SENT, recipient: SENT, content: SENT },
  configuration_update: { ...ITEM, type: SENT, reasoning: SENT, text: ignored('Codex has no place for it') },
} as const satisfies Record<string, Fields>;

export const COMPACTION_FIELDS: Fields = { ...ITEM, encrypted_content: mapped('a summary') };

const IN_MESSAGE = mapped('in the message that stands for the item');
const MADE_BY_PROVIDER = accepted('how the provider did it');

/** Fields of items that hold the result of a tool that the provider ran. */
export const RESULT_ITEM_FIELDS = {
  file_search_call: { ...ITEM, queries: IN_MESSAGE, results: IN_MESSAGE },
  code_interpreter_call: { ...ITEM, code: IN_MESSAGE, outputs: IN_MESSAGE, container_id: MADE_BY_PROVIDER },
  image_generation_call: {
    ...ITEM,
    result: IN_MESSAGE,
    revised_prompt: IN_MESSAGE,
    output_format: IN_MESSAGE,
    action: MADE_BY_PROVIDER,
    background: MADE_BY_PROVIDER,
    error: MADE_BY_PROVIDER,
    quality: MADE_BY_PROVIDER,
    size: MADE_BY_PROVIDER,
    svg_usage: MADE_BY_PROVIDER,
  },
  mcp_call: {
    ...ITEM,
    name: IN_MESSAGE,
    server_label: IN_MESSAGE,
    arguments: IN_MESSAGE,
    output: IN_MESSAGE,
    error: IN_MESSAGE,
    approval_request_id: MADE_BY_PROVIDER,
  },
} as const satisfies Record<string, Fields>;

const CLIENT_RUN = refused('it belongs to a tool that is not offered here, and the model would miss it');

/** Items of tools that are not offered here, and what becomes of each as a whole if it holds no result. */
export const FOREIGN_ITEMS: Fields = {
  file_search_call: ignored('it holds no results'),
  code_interpreter_call: ignored('it holds no outputs'),
  image_generation_call: ignored('it holds no image'),
  mcp_call: ignored('it holds no output'),
  mcp_list_tools: ignored('the tools cannot be called here'),
  mcp_approval_request: ignored('the call that it asks for is not made here'),
  mcp_approval_response: refused('the call that it allows is not made here'),
  computer_call: CLIENT_RUN,
  computer_call_output: CLIENT_RUN,
  local_shell_call: CLIENT_RUN,
  local_shell_call_output: CLIENT_RUN,
  shell_call: CLIENT_RUN,
  shell_call_output: CLIENT_RUN,
  apply_patch_call: CLIENT_RUN,
  apply_patch_call_output: CLIENT_RUN,
  program: CLIENT_RUN,
  program_output: CLIENT_RUN,
  compaction_trigger: refused('`POST /v1/responses/compact` makes a summary'),
};
