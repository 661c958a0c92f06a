/** JSON as a model wrote it. */
export interface FoundJson {
  readonly value: unknown;
  /** To the letter: what is parsed and written again loses large numbers. */
  readonly text: string;
}

/** The JSON in a model's answer, which may stand in a code fence; undefined where there is none. */
export function readJson(answer: string): FoundJson | undefined {
  const text = withoutFence(answer.trim()).trim();
  try {
    return { value: JSON.parse(text), text };
  } catch {
    return undefined;
  }
}

function withoutFence(text: string): string {
  const [head] = /^```(?:json)?[^\S\n]*\n/i.exec(text) ?? [];
  return head !== undefined && text.endsWith('```') ? text.slice(head.length, -'```'.length) : text;
}
