import { accepted, emulated, mapped, oneOf, refused, type Fields } from '../request/fields.ts';
import { ENFORCED_LIMIT, IGNORED_LIMIT, SHARED_FIELDS } from '../request/shared-fields.ts';

/** Every field of a text completion request and the verdict on it; the table in the documentation is generated from it. */
export const COMPLETION_FIELDS: Fields = {
  ...SHARED_FIELDS,
  best_of: refused('only `1` passes, because there are no probabilities to choose by', { neutral: oneOf(1) }),
  echo: refused('only `false` passes, because an answer is only what the model says', {
    neutral: oneOf(false),
  }),
  logprobs: refused('only `false` passes; even `0` asks for the probability of each token', {
    neutral: oneOf(false),
  }),
  max_tokens: IGNORED_LIMIT,
  n: emulated('for each prompt, up to 8 answers altogether; `usage` is their sum'),
  prompt: mapped(
    'a text, sent as a user message; each text of an array is a turn of its own; no token arrays',
  ),
  suffix: refused('only an empty one passes, because Codex models do not fill in text', {
    neutral: oneOf(''),
  }),
  user: accepted('Codex does not send it'),
};

/** Verdicts on token limits when they are enforced. */
export const ENFORCED_COMPLETION_LIMIT_FIELDS: Fields = { max_tokens: ENFORCED_LIMIT };
