import { StartupError } from '../../base/errors.ts';
import { isWebAddress } from '../../base/network.ts';
import type { Environment } from './config.ts';

const WORDS: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  yes: true,
  on: true,
  '0': false,
  false: false,
  no: false,
  off: false,
};

/** Reads variables of the environment; an empty one counts as unset. Throws a `StartupError` that names a wrong one. */
export interface Variables {
  text(name: string): string | undefined;
  /** Reads text that is sent in a header. */
  header(name: string): string | undefined;
  boolean(name: string): boolean | undefined;
  number(name: string, bounds: NumberBounds): number | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
  url(name: string): string | undefined;
}

interface NumberBounds {
  readonly min: number;
  readonly max: number;
  /** Allows numbers that are not whole as well. */
  readonly fraction?: boolean;
}

export function readVariables(environment: Environment): Variables {
  /** Reads and checks a variable; `parse` returns undefined for a wrong one. */
  function read<T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = environment[name]?.trim();
    if (!text) return undefined;
    const value = parse(text);
    if (value !== undefined) return value;
    throw new StartupError(`${name} is '${text}', but it has to be ${expected}.`);
  }
  return {
    text: (name) => environment[name]?.trim() || undefined,
    header(name) {
      const text = environment[name]?.trim();
      if (!text || /^[\u0020-\u007E]+$/.test(text)) return text || undefined;
      throw new StartupError(`${name} has to be text in printable ASCII characters.`);
    },
    boolean: (name) =>
      read(name, '1, true, yes, on, 0, false, no or off', (text) => WORDS[text.toLowerCase()]),
    number: (name, { min, max, fraction = false }) =>
      read(name, `a ${fraction ? '' : 'whole '}number from ${min} to ${max}`, (text) => {
        const value = Number(text);
        const isNumber = fraction ? /^\d+(?:\.\d+)?$/.test(text) : /^\d+$/.test(text);
        return isNumber && value >= min && value <= max ? value : undefined;
      }),
    choice: (name, choices) =>
      read(name, choices.join(', ').replace(/, ([^,]*)$/, ' or $1'), (text) =>
        choices.find((choice) => choice === text.toLowerCase()),
      ),
    url(name) {
      const text = environment[name]?.trim();
      if (!text || isWebAddress(text)) return text || undefined;
      // A URL can contain a secret, so it is not repeated.
      throw new StartupError(`${name} has to be a URL that begins with https:// or http://.`);
    },
  };
}
