/** Settings that decide how requests are treated. */
export interface Policy {
  /** True if a request for anything that cannot be honored is a 400. */
  readonly strict: boolean;
  /** True if token limits such as `max_tokens` are enforced, by cutting the answer. */
  readonly enforceMaxTokens: boolean;
  /** The model of requests that name none; without this setting, they are a 400. */
  readonly defaultModel?: string | undefined;
}
