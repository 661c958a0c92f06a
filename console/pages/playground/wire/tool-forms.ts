/** Kinds of tools whose fields are in an object of their own in chat completions, and beside the type in responses. */
const NESTED = ['function', 'custom'] as const;

type Tool = Readonly<Record<string, unknown>>;

/** Returns a tool in the form of chat completions, whichever form it has. */
export function toChatTool(given: object): object {
  const { type = 'function', ...rest } = given as Tool;
  const kind = NESTED.find((known) => known === type);
  if (kind === undefined || kind in rest) return given;
  return { type, [kind]: rest };
}

/** Returns a tool in the form of responses, whichever form it has. */
export function toResponseTool(given: object): object {
  const { type = 'function', ...rest } = given as Tool;
  const kind = NESTED.find((known) => known === type);
  const nested = kind === undefined ? undefined : rest[kind];
  return typeof nested === 'object' && nested !== null ? { type, ...nested } : { type, ...rest };
}
