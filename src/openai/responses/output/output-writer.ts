import type { MessagePhase } from '../../../conversation/item.ts';
import type { AnswerEvent, ReasoningDelta, ReasoningEnd } from '../../../conversation/turn-event.ts';
import { createItemSequence, type ItemSequence } from './item-sequence.ts';
import { openMessage, type MessageWriter } from './message-writer.ts';
import { openCall } from './open-call.ts';
import { openNativeItem } from './open-native-item.ts';
import type { ItemPlace, OpenItem } from './open-item.ts';
import { openReasoning, type ReasoningWriter } from './reasoning-writer.ts';
import type { EventDraft } from './response-event.ts';

/** Makes the items of one answer out of its events. */
export interface OutputWriter extends Pick<ItemSequence, 'close' | 'items'> {
  write(event: AnswerEvent): EventDraft[];
}

interface OutputOptions {
  readonly responseId: string;
  /** Values of `include`. */
  readonly include: ReadonlySet<string>;
  /** Names of functions whose calls become calls of custom tools. */
  readonly customTools: ReadonlySet<string>;
}

export function createOutputWriter({ responseId, include, customTools }: OutputOptions): OutputWriter {
  const sequence = createItemSequence(responseId, include);
  const { begin, close, items, isFree } = sequence;
  const messages = createMessages(sequence);
  const thoughts = createThoughts(sequence);

  const writeWhole = (create: (place: ItemPlace) => OpenItem) => [...begin(create), ...close('completed')];

  function write(event: AnswerEvent): EventDraft[] {
    switch (event.type) {
      case 'message-start':
        return messages.begin(event.phase);
      case 'text-delta':
        return event.text === '' ? [] : messages.append(event.text);
      case 'citation':
        return messages.open()?.cite(event) ?? [];
      case 'reasoning-delta':
        return event.text === '' ? [] : thoughts.append(event);
      case 'reasoning-end':
        return thoughts.end(event);
      case 'tool-call':
        return writeWhole((place) => openCall(event, place, customTools));
      case 'passthrough-item':
        return writeWhole((place) => openNativeItem(event.item, place, isFree));
      default:
        return [];
    }
  }

  return { write, close, items };
}

/** A message begins with its first text, so that there is no empty one. */
function createMessages(sequence: ItemSequence) {
  let message: MessageWriter | undefined;
  let phase: MessagePhase | undefined;
  /** Length of the text of the whole answer. */
  let length = 0;
  const open = () => (sequence.open === message ? message : undefined);
  return {
    open,
    begin(next: MessagePhase | undefined): EventDraft[] {
      phase = next;
      return open() ? sequence.close('completed') : [];
    },
    append(text: string): EventDraft[] {
      const before = open()
        ? []
        : sequence.begin((place) => (message = openMessage(place, { phase, offset: length })));
      length += text.length;
      return [...before, ...(message?.append(text) ?? [])];
    },
  };
}

/** A provider gets back what it has sealed, and wants it by the id that it gave: that is ours, too. */
function createThoughts(sequence: ItemSequence) {
  let thought: ReasoningWriter | undefined;
  /** What the provider calls it. */
  let known: string | undefined;
  const isOpen = () => thought !== undefined && sequence.open === thought;

  function begin(given: string | undefined): EventDraft[] {
    known = given;
    const isFree = given !== undefined && sequence.isFree(given);
    return sequence.begin((place) => (thought = openReasoning(isFree ? given : undefined, place)));
  }

  return {
    append({ id, text, paragraph }: ReasoningDelta): EventDraft[] {
      const before = isOpen() && id === known ? [] : begin(id);
      return [...before, ...(thought?.append(text, paragraph) ?? [])];
    },
    end({ id, encrypted }: ReasoningEnd): EventDraft[] {
      const before = isOpen() && (id === undefined || id === known) ? [] : begin(id);
      thought?.seal(encrypted);
      return [...before, ...sequence.close('completed')];
    },
  };
}
