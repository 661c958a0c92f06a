import type { Random } from '../random.ts';

/** The way in which the scripted provider treats requests at the moment. */
export interface Weather {
  readonly name: 'fine' | 'refusing' | 'cutting' | 'stalling';
  /** Share of the requests that are treated badly. */
  readonly share: number;
}

/** The provider's reaction to one request: an answer, or one of the bad things. */
export type Treatment = 'answered' | 'cut' | 'paused' | 'stalled' | `refused ${keyof typeof REFUSALS}`;

/** Refusals by status, with OpenAI's codes. */
export const REFUSALS = {
  400: 'content_policy_violation',
  429: 'rate_limit_exceeded',
  500: 'server_error',
  503: 'server_is_overloaded',
} as const;

export function chooseTreatment({ name, share }: Weather, random: Random): Treatment {
  if (name === 'fine' || random.next() >= share) return 'answered';
  if (name === 'cutting') return 'cut';
  if (name === 'stalling') return random.pick(['paused', 'paused', 'stalled']);
  return `refused ${random.pick([400, 429, 500, 503] as const)}`;
}

/** A response that has begun names an error by one of the few codes that such objects know. */
const OUTCOMES: Readonly<Record<Treatment, RegExp>> = {
  answered: /^ok$/,
  paused: /^ok$/,
  cut: /^(?:502 upstream_error|200 (?:upstream_error|server_error))$/,
  stalled: /^(?:(?:504|200) \w*timeout|200 server_error)$/,
  // Codex hands on the message alone.
  'refused 400': /^(?:400 null|200 invalid_prompt)$/,
  'refused 429': /^(?:429|200) rate_limit_exceeded$/,
  'refused 500': /^(?:500|200) server_error$/,
  'refused 503': /^(?:(?:503|200) server_is_overloaded|200 server_error)$/,
};

/** Returns true if a request ended as it must after what the provider did to it. */
export function fits(treatment: Treatment, outcome: string): boolean {
  return OUTCOMES[treatment].test(outcome);
}
