import type { Schema } from './schema.ts';

/** Returns the label of a value. */
export function labelOf(name: string, isRequired: boolean): string {
  return isRequired ? `${name} (required)` : name;
}

/** Returns the description of a value, with its default and its bounds. */
export function hintOf({ description, default: usual, minimum, maximum }: Schema): string | undefined {
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const parts = [
    description ?? '',
    usual === undefined ? '' : `Default: ${JSON.stringify(usual)}.`,
    isBounded ? `From ${minimum ?? 'any'} to ${maximum}.` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(' ');
}
