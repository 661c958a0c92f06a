import { userMessage, type Client, type Item, type Request } from '../clients/client.ts';
import { LAST_RESULT } from '../upstream/answers.ts';
import { createItems, type Prompt } from './prompts.ts';

export interface ConversationOptions {
  readonly turns: number;
  readonly prompt: Prompt;
  /** True for a loop of calls and results, false for messages. */
  readonly hasTools: boolean;
  /** Sends only what is new, and names the response before it. */
  readonly usesPrevious: boolean;
}

let conversations = 0;

/** Runs a conversation; resolves to the milliseconds until the first text, or call, of each turn. */
export async function runConversation(client: Client, options: ConversationOptions): Promise<number[]> {
  const { turns, prompt, hasTools, usesPrevious } = options;
  conversations += 1;
  const items = [...createItems(prompt), userMessage(`conversation ${process.pid}-${conversations}`)];
  const times: number[] = [];
  let previous: Request['previous'];
  for (let turn = 1; turn <= turns; turn += 1) {
    const reply = await client.ask({ items: [...items], hasTools, ...(previous && { previous }) });
    times.push(reply.firstMs);
    const answer = reply.read();
    items.push(...answer.items);
    if (usesPrevious) previous = { id: answer.responseId!, items: items.length };
    const call = answer.items.find((item) => item.type === 'function_call');
    items.push(call ? resultOf(call.call_id, turn, turns) : userMessage(`and ${turn}?`));
  }
  return times;
}

function resultOf(callId: string, turn: number, turns: number): Item {
  const output = turn === turns - 1 ? LAST_RESULT : `result ${turn}`;
  return { type: 'function_call_output', call_id: callId, output };
}
