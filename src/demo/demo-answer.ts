/** What of a Responses API request the demo reads. */
export interface DemoRequest {
  readonly input?: readonly {
    readonly role?: string;
    readonly content?: readonly { readonly text?: string }[];
  }[];
}

/** The demo's answer: that it is a demo, and what it was told last. */
export function demoAnswer({ input = [] }: DemoRequest): string {
  const told = input.findLast((item) => item.role === 'user')?.content ?? [];
  const text = told.map((part) => part.text ?? '').join('');
  const said = text === '' ? 'You said nothing.' : `You said: ${text}`;
  return `This is the demo model of codex-gateway; no real model was asked. ${said}`;
}

/** The pieces in which the answer is streamed: words with the space that follows. */
export function demoPieces(answer: string): string[] {
  return answer.match(/\S+\s*|\s+/g) ?? [];
}
