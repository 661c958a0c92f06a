import type { JsonObject } from '../../base/json.ts';
import type { ClientId } from './clients.ts';

/** The request that a client would send first, apart from its key. */
export interface Trial {
  /** The API that it speaks. */
  readonly api: 'chat' | 'responses';
  /** The first words of its `User-Agent`. */
  readonly agent: string;
  /** Header with its key; `authorization` unless it is another one. */
  readonly keyHeader?: 'api-key';
  /** Its path for a model, if it is not the usual one of its API. */
  path?(model: string): string;
  /** The body apart from `model`. */
  readonly body: JsonObject;
}

const TEXT = 'Hello';
const MESSAGES = [{ role: 'user', content: TEXT }];
const INPUT = [{ role: 'user', content: [{ type: 'input_text', text: TEXT }] }];
const WITH_USAGE = { stream: true, stream_options: { include_usage: true } };

const python: Trial = { api: 'chat', agent: 'OpenAI/Python', body: { messages: MESSAGES } };
const node: Trial = { api: 'chat', agent: 'OpenAI/JS', body: { messages: MESSAGES } };
const streaming = { messages: MESSAGES, stream: true };

/** The first request of each client, as their sources build it. */
export const TRIALS: Readonly<Record<ClientId, Trial>> = {
  curl: { api: 'chat', agent: 'curl', body: streaming },
  python,
  node,
  azure: {
    ...node,
    agent: 'AzureOpenAI/JS',
    keyHeader: 'api-key',
    path: (model) =>
      `/openai/deployments/${encodeURIComponent(model)}/chat/completions?api-version=2024-10-21`,
  },
  'ai-sdk': { api: 'responses', agent: 'ai', body: { input: INPUT } },
  agents: {
    api: 'responses',
    agent: 'Agents/JavaScript',
    body: { input: MESSAGES, tools: [], include: [], stream: false },
  },
  langchain: { ...python, body: { messages: MESSAGES, stream: false } },
  shell: python,
  codex: {
    api: 'responses',
    agent: 'codex_exec',
    body: {
      instructions: 'Answer in one short sentence.',
      input: INPUT.map((item) => ({ type: 'message', ...item })),
      tools: [],
      tool_choice: 'auto',
      parallel_tool_calls: true,
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
    },
  },
  aider: { ...python, body: streaming },
  continue: { ...node, body: streaming },
  opencode: { api: 'chat', agent: 'opencode', body: { messages: MESSAGES, ...WITH_USAGE } },
  llm: { ...python, body: { messages: MESSAGES, ...WITH_USAGE } },
  form: { ...node, body: { messages: MESSAGES, ...WITH_USAGE } },
  // Cursor sends bodies of the Responses API to the path of chat completions.
  cursor: { ...node, body: { input: INPUT, stream: true } },
};
