import type { TurnEnd, TurnEvent } from '../../conversation/turn-event.ts';
import { totalUsage } from '../vocabulary/encode-usage.ts';
import type { Writing } from '../vocabulary/envelope.ts';
import { limitSize } from '../vocabulary/limit-size.ts';
import { encodeChoice } from './encode-choice.ts';

/** What has come of one choice so far. */
interface Collected {
  text: string;
  end: TurnEnd | undefined;
}

/** Collects an answer into one `text_completion` object. */
export async function encodeCompletion({ envelope, events }: Writing<TurnEvent>): Promise<object> {
  const choices: Collected[] = [];
  for await (const { index, value } of limitSize(events)) {
    const choice = (choices[index] ??= { text: '', end: undefined });
    if (value.type === 'text-delta') choice.text += value.text;
    else if (value.type === 'turn-end') choice.end = value;
  }
  const usage = totalUsage(choices.map(({ end }) => end?.usage ?? null));
  return {
    id: envelope.id,
    object: 'text_completion',
    created: envelope.created,
    model: envelope.model,
    choices: choices.map(({ text, end }, index) => {
      if (end === undefined) throw new Error('the turn ended without a turn-end event');
      return encodeChoice(index, text, end.reason);
    }),
    ...(usage && { usage }),
  };
}
