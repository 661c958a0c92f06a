/** How requests are met, by the set-up. */
export interface Policy {
  /** Whether every wish that cannot be fulfilled is a 400. */
  readonly strict: boolean;
  /** Whether token limits such as `max_tokens` are kept, by cutting the answer. */
  readonly enforceMaxTokens: boolean;
  /** The model of requests that name none; without it, they are a 400. */
  readonly defaultModel?: string | undefined;
}
