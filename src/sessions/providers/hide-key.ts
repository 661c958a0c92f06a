import type { AgentEvent } from '../../conversation/ports/agent.ts';

/** Characters below which a key is not a secret, such as a word that a local provider only wants to see. */
const MIN_CHARACTERS = 8;

/** Fields by which the gateway knows an event, in which no provider can repeat a key. */
const KEPT = new Set(['id', 'itemId', 'requestId', 'status', 'turnId', 'type']);

/** Returns events without the key of a provider, which may repeat it when it refuses it. */
export function hideKey(events: readonly AgentEvent[], key: string | undefined): readonly AgentEvent[] {
  if (key === undefined || key.length < MIN_CHARACTERS) return events;
  const written = JSON.stringify(key).slice(1, -1);
  const hide = (name: string, value: unknown) =>
    typeof value === 'string' && !KEPT.has(name) ? value.replaceAll(key, '[key]') : value;
  return events.map((event) => {
    const text = JSON.stringify(event);
    return text.includes(written) ? (JSON.parse(text, hide) as AgentEvent) : event;
  });
}
