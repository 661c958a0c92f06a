import { RESERVED_NAMES } from '../../../conversation/tool.ts';

/** Maps the names of a caller's tools to the names that go to the model, and back. */
export interface ToolNames {
  /** Returns a name that belongs to no tool unchanged. */
  toCodexName(name: string): string;
  /** Returns undefined for a tool that the caller does not offer. */
  toCallerName(codexName: string): string | undefined;
}

/** Maximum characters of a name in OpenAI's API. */
const MAX_LENGTH = 64;

/** @param names Names of all the caller's tools, each in the form that OpenAI's API allows. */
export function createToolNames(names: readonly string[]): ToolNames {
  const aliases = new Map<string, string>();
  const callers = new Map(names.map((name) => [name, name]));
  for (const name of names) {
    // Codex silently leaves some of these out of its request, and refuses the others.
    if (!RESERVED_NAMES.test(name) || aliases.has(name)) continue;
    const alias = chooseAlias(name, callers);
    aliases.set(name, alias);
    callers.set(alias, name);
  }
  return {
    toCodexName: (name) => aliases.get(name) ?? name,
    // The caller's own name works as well: a prompt may mention it, and the model may follow the prompt.
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
