import { isObject, type Json } from './choice-checker.ts';
import type { WireChecker } from './wire-checker.ts';

/** The rules that one `response` object breaks: what the official client declares, and what its fields say together. */
export function checkResponse(response: unknown, checkWire: WireChecker): string[] {
  const violations = checkWire('response', response);
  return violations.length > 0 ? violations : checkStatus(response as Json);
}

/** Fields that have a value only in responses of one status. */
const SIGNS: Readonly<Record<string, string>> = {
  completed_at: 'completed',
  error: 'failed',
  incomplete_details: 'incomplete',
};

/** Checks the fields of a response against its status; each field is valid by itself. */
export function checkStatus(response: Json): string[] {
  const status = String(response.status);
  const output = (response.output as unknown[]).filter(isObject);
  const ids = output.map(({ id }) => id);
  const open = output.filter((item) => item.status === 'in_progress');
  const cut = output.filter((item) => item.status === 'incomplete');
  return [
    ...Object.entries(SIGNS)
      .filter(([field, sign]) => (response[field] !== null) !== (status === sign))
      .map(([field]) => `${field} does not fit the status ${status}`),
    ...(new Set(ids).size < ids.length ? ['two items have the same id'] : []),
    ...(open.length > 0 ? ['an item is still in progress'] : []),
    ...(status === 'completed' && cut.length > 0 ? ['an item of a whole response is incomplete'] : []),
    ...(isObject(response.usage) ? checkUsage(response.usage) : []),
  ];
}

function checkUsage({ input_tokens: input, output_tokens: output, total_tokens: total }: Json): string[] {
  return Number(input) + Number(output) === total ? [] : ['the usage does not add up'];
}
