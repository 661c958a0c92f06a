/** A kind of failure that clients tell from others by the words of its message. */
export type FailureKind =
  | 'wrong-key'
  | 'no-key'
  | 'unknown-model'
  | 'full-context'
  | 'used-up-quota'
  | 'rate-limit'
  | 'server-error'
  | 'overload'
  | 'policy';

/** An error body as a client reads it: the message alone, and all of it as text. */
export interface ReadFailure {
  readonly message: string;
  readonly whole: string;
}

export interface ClientPattern {
  readonly client: string;
  readonly kind: FailureKind;
  matches(failure: ReadFailure): boolean;
  /** A client that tries the kinds in turn takes other failures for this one, too, if they match. */
  readonly excludes?: true;
}

const says = (pattern: RegExp) => (failure: ReadFailure) => pattern.test(failure.message);
const holds =
  (...texts: readonly string[]) =>
  (failure: ReadFailure) =>
    texts.every((text) => failure.whole.includes(text));

/** Patterns by which widely used clients recognise failures, taken from their source. */
export const CLIENT_PATTERNS: readonly ClientPattern[] = [
  { client: 'OpenAI', kind: 'wrong-key', matches: says(/^Incorrect API key provided/) },
  { client: 'OpenAI', kind: 'no-key', matches: says(/^You didn't provide an API key/) },
  { client: 'OpenAI', kind: 'unknown-model', matches: says(/^The model `[^`]+` does not exist/) },
  {
    client: 'OpenAI',
    kind: 'full-context',
    matches: says(/^This model's maximum context length is \d+ tokens\./),
  },
  { client: 'OpenAI', kind: 'used-up-quota', matches: says(/^You exceeded your current quota/) },
  { client: 'OpenAI', kind: 'rate-limit', matches: says(/^Rate limit reached/) },
  { client: 'OpenAI', kind: 'server-error', matches: says(/^The server had an error/) },
  { client: 'OpenAI', kind: 'overload', matches: says(/^That model is currently overloaded/) },
  { client: 'OpenAI', kind: 'policy', matches: says(/^Invalid prompt: .* violating our usage policy/) },

  { client: 'litellm', kind: 'wrong-key', matches: holds('Incorrect API key provided'), excludes: true },
  {
    client: 'litellm',
    kind: 'full-context',
    matches: says(/this model's maximum context length is/i),
    excludes: true,
  },
  {
    client: 'litellm',
    kind: 'unknown-model',
    matches: holds('invalid_request_error', 'model_not_found'),
    excludes: true,
  },
  {
    client: 'litellm',
    kind: 'rate-limit',
    matches: ({ whole }) => /rate[\s_-]*limit/i.test(whole),
    excludes: true,
  },
  {
    client: 'litellm',
    kind: 'policy',
    matches: holds('Invalid prompt', 'violating our usage policy'),
    excludes: true,
  },
  {
    client: 'litellm',
    kind: 'server-error',
    matches: holds('The server had an error processing your request.'),
    excludes: true,
  },
  // What it takes for a mistake in the request, whatever its status.
  {
    client: 'litellm',
    kind: 'server-error',
    matches: ({ whole }) => !whole.includes('invalid_request_error'),
  },

  { client: 'LangChain', kind: 'full-context', matches: says(/maximum context length/), excludes: true },
  { client: 'Cline', kind: 'full-context', matches: says(/context\s*(length|window)/i), excludes: true },
  { client: 'Cline', kind: 'full-context', matches: holds('context_length_exceeded'), excludes: true },
  { client: 'Roo Code', kind: 'full-context', matches: says(/\bmaximum\s*context\b/i), excludes: true },
  {
    client: 'opencode',
    kind: 'full-context',
    matches: says(/maximum context length is \d+ tokens/i),
    excludes: true,
  },
  {
    client: 'agents that list phrases',
    kind: 'full-context',
    matches: says(/reduce the length of the messages/i),
    excludes: true,
  },
  {
    client: 'agents that list phrases',
    kind: 'used-up-quota',
    matches: says(/exceeded your current quota/i),
    excludes: true,
  },
  {
    client: 'agents that list phrases',
    kind: 'unknown-model',
    matches: says(/does not exist/i),
    excludes: true,
  },
  { client: 'agents that list phrases', kind: 'rate-limit', matches: says(/rate limit/i), excludes: true },
];
