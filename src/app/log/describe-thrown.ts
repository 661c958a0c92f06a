import { messageOf } from '../../base/errors.ts';
import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';
import { redactText } from '../../tools/audit/redact-secrets.ts';

/** A value that was thrown, for the log. */
export interface ThrownDescription {
  /** The message, and those of its causes. */
  readonly problem: string;
  /** The places in the code, the innermost first; undefined if there are none. */
  readonly stack: string | undefined;
  /** File and line of the innermost place outside of Node. */
  readonly place: string | undefined;
}

/** Maximum number of causes in a description. */
const MAX_CAUSES = 3;

/** Maximum number of places in a description. */
const MAX_PLACES = 12;

/** Describes a thrown value without secrets, and with the names of files without their folders. */
export function describeThrown(error: unknown): ThrownDescription {
  const messages: string[] = [];
  for (let at = error; at !== undefined && messages.length <= MAX_CAUSES;) {
    messages.push(messageOf(at) || (at as Error).name);
    at = at instanceof Error ? at.cause : undefined;
  }
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const places = lines.map((text) => text.trim()).filter((text) => text.startsWith('at '));
  const [place] = places.flatMap((text) => PLACE.exec(text)?.[1] ?? []);
  return {
    place: place && plain(place),
    problem: plain(messages.join(': ')),
    stack: places.length === 0 ? undefined : plain(places.slice(0, MAX_PLACES).join(' | ')),
  };
}

/** Finds the file and line of a place that is none of Node's own. */
const PLACE = /^at (?:.* \()?((?!node:)[^()]*:\d+):\d+\)?$/;

/** Matches the folders of an absolute path, but no address of the web. */
const FOLDERS = /(?<![\w:/.~-])(?:file:\/\/)?\/(?:[^\s/:()'"`]+\/)+/g;

function plain(text: string): string {
  return redactText(excerpt(text, MAX_MESSAGE_CHARACTERS)).replaceAll(FOLDERS, '');
}
