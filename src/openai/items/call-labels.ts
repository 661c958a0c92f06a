import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { invalidValue } from '../request/refusals.ts';

/**
 * Replaces ids and names of earlier calls that the provider would refuse. It is stateful, because one name must become the
 * same in all calls of a conversation and differ from all others. Each change is reported once, as an adjustment.
 */
export interface CallLabels {
  /** Returns the id of a call; the same one for the call and for its result. */
  id(given: string, path: JsonPath, compatibility: Compatibility): string;
  /** Returns the name of a tool; throws if it is empty. */
  name(given: string, path: JsonPath, compatibility: Compatibility): string;
  /** Returns the name of a namespace, or of a tool in one; both may be longer than other names. */
  groupedName(given: string, path: JsonPath, compatibility: Compatibility): string;
  /** Returns the id of a passthrough item. */
  itemId(given: string, prefix: string, path: JsonPath, compatibility: Compatibility): string;
}

/** Maximum number of characters of an id, and of the name of a tool that is in no namespace. */
const MAX_LENGTH = 64;
/** Maximum number of characters of the name of a namespace, and of a tool in one. */
const MAX_GROUPED_LENGTH = 128;
/** Number of characters that remain of a label that is shortened. */
const KEPT_LENGTH = MAX_LENGTH - 17;
/** Maximum number of characters of a label in a notice. */
const QUOTED_LENGTH = 40;

/** @param namesInUse Returns the names of all calls of the conversation, as they came; other values are ignored. */
export function createCallLabels(namesInUse: () => Iterable<unknown>): CallLabels {
  const reported = new Map<Compatibility, Set<string>>();
  const cleanNames = new Map<string, string>();
  let taken: Set<unknown> | undefined;

  function report(from: string, to: string, path: JsonPath, compatibility: Compatibility): void {
    if (from === to) return;
    const known = reported.get(compatibility) ?? new Set();
    reported.set(compatibility, known);
    const label = `${to} ${from}`;
    if (known.has(label)) return;
    known.add(label);
    compatibility.adjust({ path: formatPath(path), from: excerpt(from, QUOTED_LENGTH), to });
  }

  function cleanName(given: string): string {
    const known = cleanNames.get(given);
    if (known !== undefined) return known;
    taken ??= new Set(namesInUse());
    const plain = given.replaceAll(/[^\w-]/g, '_');
    // Two tools stay distinct even if their names differ only in characters that a name cannot contain.
    const clean = plain.length > MAX_LENGTH || taken.has(plain) ? shorten(plain, given) : plain;
    taken.add(clean);
    cleanNames.set(given, clean);
    return clean;
  }

  function nameOf(maxLength: number): CallLabels['name'] {
    return (given, path, compatibility) => {
      if (given === '') throw invalidValue(path, 'expected a name of at least one character');
      if (given.length <= maxLength && /^[\w-]+$/.test(given)) return given;
      const clean = cleanName(given);
      report(given, clean, path, compatibility);
      return clean;
    };
  }

  return {
    id(given, path, compatibility) {
      const clean = cleanId(given);
      report(given, clean, path, compatibility);
      return clean;
    },
    name: nameOf(MAX_LENGTH),
    groupedName: nameOf(MAX_GROUPED_LENGTH),
    itemId(given, prefix, path, compatibility) {
      const clean = /^[\w-]{1,64}$/.test(given) ? given : `${prefix}${hashText(given)}`;
      report(given, clean, path, compatibility);
      return clean;
    },
  };
}

/**
 * Returns an id that the provider accepts, which checks the length alone. Ids with lone surrogates are replaced: UTF-8 cannot
 * represent those, so two ids that differ only in them would become the same.
 */
export function cleanId(given: string): string {
  if (given.length > 0 && given.length <= MAX_LENGTH && given.isWellFormed()) return given;
  return shorten(given.slice(0, KEPT_LENGTH).replaceAll(/[^\w-]/g, '_') || 'call', given);
}

/** Returns a label that is unique to the given text, and the same in every request. */
function shorten(clean: string, given: string): string {
  return `${clean.slice(0, KEPT_LENGTH)}_${hashText(given)}`;
}

/** Primes and offsets of two hashes of 32 bits in the manner of FNV-1a. */
const HASHES = [
  [0x01000193, 0x811c9dc5],
  [0x0100018b, 0x9e3779b9],
] as const;

/** Returns 16 hexadecimal digits that stand for a text. They distinguish the texts of one caller; no security depends on them. */
function hashText(text: string): string {
  return HASHES.map(([prime, offset]) => {
    let hash: number = offset;
    for (let index = 0; index < text.length; index += 1)
      hash = Math.imul(hash ^ text.charCodeAt(index), prime);
    return (hash >>> 0).toString(16).padStart(8, '0');
  }).join('');
}
