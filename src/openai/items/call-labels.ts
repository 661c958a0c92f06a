import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { hashText } from './hash-text.ts';
import { invalidValue } from '../request/refusals.ts';

/** Makes ids and names of earlier calls acceptable to the provider, and lists each change once among the adjustments. */
export interface CallLabels {
  /** Returns the same id for a call and for its result. */
  id(given: string, place: JsonPath, compatibility: Compatibility): string;
  /** Returns the same name for every call of a tool; throws for an empty one. */
  name(given: string, place: JsonPath, compatibility: Compatibility): string;
  /** Does the same for the name of a group of tools, or of a tool in one; both may be longer. */
  groupedName(given: string, place: JsonPath, compatibility: Compatibility): string;
  /** Returns an id for an item that goes up in the provider's own form. */
  itemId(given: string, prefix: string, place: JsonPath, compatibility: Compatibility): string;
}

/** Characters of an id, and of the name of a tool that belongs to no group. */
const MAX_LENGTH = 64;
/** Characters of the name of a group, and of a tool in one. */
const MAX_GROUPED_LENGTH = 128;
/** Characters of a label that stay when it is shortened. */
const KEPT_LENGTH = MAX_LENGTH - 17;
/** Characters of a label that a notice quotes. */
const QUOTED_LENGTH = 40;

/** @param namesInUse Names of all calls of the conversation, as they came; any other value among them is no name. */
export function createCallLabels(namesInUse: () => Iterable<unknown>): CallLabels {
  const reported = new Map<Compatibility, Set<string>>();
  const cleanNames = new Map<string, string>();
  let taken: Set<unknown> | undefined;

  function report(from: string, to: string, place: JsonPath, compatibility: Compatibility): void {
    if (from === to) return;
    const known = reported.get(compatibility) ?? new Set();
    reported.set(compatibility, known);
    const label = `${to} ${from}`;
    if (known.has(label)) return;
    known.add(label);
    compatibility.adjust({ path: formatPath(place), from: excerpt(from, QUOTED_LENGTH), to });
  }

  function cleanName(given: string): string {
    const known = cleanNames.get(given);
    if (known !== undefined) return known;
    taken ??= new Set(namesInUse());
    const plain = given.replaceAll(/[^\w-]/g, '_');
    // Two tools stay two, also if they differ only in what a name cannot hold.
    const clean = plain.length > MAX_LENGTH || taken.has(plain) ? shorten(plain, given) : plain;
    taken.add(clean);
    cleanNames.set(given, clean);
    return clean;
  }

  function nameOf(maxLength: number): CallLabels['name'] {
    return (given, place, compatibility) => {
      if (given === '') throw invalidValue(formatPath(place), 'expected a name of at least one character');
      if (given.length <= maxLength && /^[\w-]+$/.test(given)) return given;
      const clean = cleanName(given);
      report(given, clean, place, compatibility);
      return clean;
    };
  }

  return {
    id(given, place, compatibility) {
      const clean = cleanId(given);
      report(given, clean, place, compatibility);
      return clean;
    },
    name: nameOf(MAX_LENGTH),
    groupedName: nameOf(MAX_GROUPED_LENGTH),
    itemId(given, prefix, place, compatibility) {
      const clean = /^[\w-]{1,64}$/.test(given) ? given : `${prefix}${hashText(given)}`;
      report(given, clean, place, compatibility);
      return clean;
    },
  };
}

/**
 * Returns an id that the provider accepts: it looks at the length alone. A lone surrogate has no form in UTF-8: ids that
 * differ only in those would become one on the way.
 */
export function cleanId(given: string): string {
  if (given.length > 0 && given.length <= MAX_LENGTH && given.isWellFormed()) return given;
  return shorten(given.slice(0, KEPT_LENGTH).replaceAll(/[^\w-]/g, '_') || 'call', given);
}

/** Returns a label that differs from that of any other text, and is the same in every request. */
function shorten(clean: string, given: string): string {
  return `${clean.slice(0, KEPT_LENGTH)}_${hashText(given)}`;
}
