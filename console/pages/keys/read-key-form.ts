import type { NewKey } from '../../../src/console/contract/tokens.ts';

const DAY_MS = 86_400_000;

/** The ends that a key can have; `date` asks for a moment. */
export const ENDS = [
  { id: 'never', title: 'never', days: undefined },
  { id: '1', title: 'in a day', days: 1 },
  { id: '7', title: 'in a week', days: 7 },
  { id: '30', title: 'in 30 days', days: 30 },
  { id: '90', title: 'in 90 days', days: 90 },
  { id: '365', title: 'in a year', days: 365 },
  { id: 'date', title: 'on a date', days: undefined },
] as const;

/** Reads the form of a new key. */
export function readKeyForm(form: FormData, now: number): NewKey {
  return {
    name: textOf(form, 'name'),
    scopes: form.getAll('scope') as NonNullable<NewKey['scopes']>,
    expires: readEnd(form, now),
    limits: {
      turns: readLimit(form, 'turns'),
      requests: readLimit(form, 'requests'),
      tokens: readLimit(form, 'tokens'),
    },
  };
}

function readEnd(form: FormData, now: number): number | null {
  const end = textOf(form, 'end');
  // A moment without a zone is one of this place.
  if (end === 'date') return new Date(textOf(form, 'date')).getTime();
  const days = ENDS.find(({ id }) => id === end)?.days;
  return days === undefined ? null : now + days * DAY_MS;
}

function readLimit(form: FormData, name: string): number | null {
  const text = textOf(form, name);
  return text === '' ? null : Number(text);
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
