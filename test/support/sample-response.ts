import type { Json } from './choice-checker.ts';

/** Fields that a response repeats from a request that sets none of them. */
export const ECHO: Json = {
  access_programs: null,
  conversation: null,
  frequency_penalty: 0,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
};

/** A response object that has just begun. */
export const RESPONSE: Json = {
  ...ECHO,
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt-6-sol',
  status: 'in_progress',
  background: false,
  completed_at: null,
  error: null,
  incomplete_details: null,
  output: [],
  usage: null,
};
