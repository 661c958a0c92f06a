import { chat, complete, forEveryModel, type ClientRequest, type RecordedCases } from './client-request.ts';

const atOnce = (request: ClientRequest): ClientRequest => ({ ...request, severalAtOnce: true });

/** Options of chat completions, the ids of models, and text completions. */
export const CHAT_OPTIONS: RecordedCases = {
  ...forEveryModel('effort', (model) =>
    ['none', 'minimal', 'low', 'xhigh'].map((reasoning_effort) => chat({ model, reasoning_effort })),
  ),
  ...forEveryModel('verbosity-and-tier', (model) => [
    chat({ model, verbosity: 'low', service_tier: 'priority' }),
    chat({ model, verbosity: 'high', service_tier: 'flex', stream: true }),
    chat({ model, verbosity: 'medium', service_tier: 'auto' }),
  ]),
  'tiers-of-other-names': ['default', 'fast'].map((service_tier) => chat({ service_tier })),
  'without-effect-upstream': [
    chat({
      max_tokens: 50,
      max_completion_tokens: 60,
      stop: ['END', '\n\n'],
      temperature: 0.2,
      top_p: 0.5,
      seed: 7,
      presence_penalty: 1,
      frequency_penalty: -1,
      user: 'ann',
      safety_identifier: 'ann',
      metadata: { a: 'b' },
      store: true,
      prompt_cache_key: 'mine',
      prediction: { type: 'content', content: 'x' },
      parallel_tool_calls: false,
      colour: 'red',
    }),
  ],
  'reasoning-object': [chat({ reasoning: { effort: 'high', summary: 'detailed' } })],
  'two-answers': [
    atOnce(chat({ n: 2, reasoning_effort: 'low' })),
    atOnce(chat({ n: 2, model: 'gpt-6-sol', stream: true })),
  ],
  'alias-with-presets': [
    chat({ model: 'deep' }),
    chat({ model: 'deep', reasoning_effort: 'high', verbosity: 'high', service_tier: 'default' }),
    chat({
      model: 'deep-medium',
      messages: [
        { role: 'system', content: 'Mine.' },
        { role: 'user', content: 'Hi.' },
      ],
    }),
  ],
  'effort-in-id': [
    chat({ model: 'gpt-5.5-high' }),
    chat({ model: 'gpt-6-sol-xhigh', reasoning_effort: 'low' }),
  ],
  'fallback-model': [chat({ model: 'gpt-4o' })],
  ...forEveryModel('completion', (model) => [complete({ model }), complete({ model, stream: true })]),
  'completion-options': [
    complete({ prompt: ' Once\nupon "a" time ☕ ', max_tokens: 5, stop: '.', temperature: 0 }),
  ],
  'completion-of-several-prompts': [
    atOnce(complete({ prompt: ['One.', 'Two.', 'Three.'] })),
    atOnce(complete({ prompt: ['One.', 'Two.'], n: 2, stream: true, model: 'gpt-6-sol' })),
  ],
};
