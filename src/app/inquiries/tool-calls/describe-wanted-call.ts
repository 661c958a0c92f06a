import { onOneLine } from '../../../base/harmless-text.ts';
import type { JsonObject } from '../../../base/json.ts';

/** The arguments that a person has to see before a change, as far as the tool has them; others follow. */
const SHOWN_FIRST = ['repo', 'base', 'head', 'title'];

/** Maximum characters of a value in the line of its name; a longer one has lines of its own. */
const MAX_BESIDE = 300;

/** Maximum characters that are shown of one value. */
const MAX_SHOWN = 10_000;

/** Describes a call that changes something, in lines that no argument can imitate. */
export function describeWantedCall(name: string, args: JsonObject): string[] {
  const others = Object.keys(args).filter((key) => !SHOWN_FIRST.includes(key) && key !== 'dry_run');
  const shown = [...SHOWN_FIRST.filter((key) => key in args), ...others];
  return [
    `The model wants to run ${name} for real:`,
    ...shown.flatMap((key) => describeArgument(onOneLine(key), args[key])),
  ];
}

function describeArgument(name: string, value: unknown): string[] {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\r\n', '\n').trim();
  if (text.length <= MAX_BESIDE && !text.includes('\n')) return [`  ${name}: ${onOneLine(text)}`];
  const lines = text.slice(0, MAX_SHOWN).split('\n');
  const leftOut = text.length - MAX_SHOWN;
  return [
    `  ${name}:`,
    ...lines.map((line) => `  | ${onOneLine(line)}`),
    ...(leftOut > 0 ? [`  ${leftOut} more characters of ${name} are not shown.`] : []),
  ];
}
