import { RESERVED_NAMES } from '../../../conversation/tool.ts';

/** The names under which a caller's tools go up to the model. */
export interface ToolNames {
  /** A name of no tool stays as it is. */
  toCodexName(name: string): string;
  /** Undefined for a tool that is not offered. */
  toCallerName(codexName: string): string | undefined;
}

/** Characters that OpenAI's API allows. */
const MAX_LENGTH = 64;

/** `names` are all of the caller's, each of a form that OpenAI's API allows. */
export function createToolNames(names: readonly string[]): ToolNames {
  const aliases = new Map<string, string>();
  const callers = new Map(names.map((name) => [name, name]));
  for (const name of names) {
    // Codex leaves some of these out of its request without a word, and refuses the others.
    if (!RESERVED_NAMES.test(name) || aliases.has(name)) continue;
    const alias = chooseAlias(name, callers);
    aliases.set(name, alias);
    callers.set(alias, name);
  }
  return {
    toCodexName: (name) => aliases.get(name) ?? name,
    // Its own name counts as well: a prompt may speak of it, and the model may follow the prompt.
    toCallerName: (codexName) => callers.get(codexName),
  };
}

function chooseAlias(name: string, taken: ReadonlyMap<string, string>): string {
  let alias = `_${name}`.slice(0, MAX_LENGTH);
  for (let count = 2; taken.has(alias); count += 1) {
    const ending = `_${count}`;
    alias = `_${name}`.slice(0, MAX_LENGTH - ending.length) + ending;
  }
  return alias;
}
