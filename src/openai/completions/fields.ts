import { accepted, emulated, mapped, only, refused, type Fields } from '../request/fields.ts';
import { ENFORCED_LIMIT, IGNORED_LIMIT, SHARED_FIELDS } from '../request/shared-fields.ts';

/** Every field of a text completion request, and what becomes of it; the README's table is made of it. */
export const REQUEST_FIELDS: Fields = {
  ...SHARED_FIELDS,
  best_of: refused('only `1` passes: there are no probabilities to choose by', { neutral: only(1) }),
  echo: refused('only `false` passes: an answer is what the model says', { neutral: only(false) }),
  logprobs: refused('even `0` asks for the one of each token; only `false` passes', { neutral: only(false) }),
  max_tokens: IGNORED_LIMIT,
  n: emulated('for each prompt; up to 8 answers to all of them, `usage` is their sum'),
  prompt: mapped('a text, as a message of the user; each text of an array by a turn of its own; no tokens'),
  suffix: refused('the models of Codex do not fill in; only an empty one passes', { neutral: only('') }),
  user: accepted('nobody upstream asks for it'),
};

/** What takes the place of their usual rules where token limits are kept. */
export const ENFORCED_LIMIT_FIELDS: Fields = { max_tokens: ENFORCED_LIMIT };
