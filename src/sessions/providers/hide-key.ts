import type { AgentEvent } from '../../conversation/ports/agent.ts';

/** Returns events without the key of a provider, which may repeat it when it refuses it. */
export function hideKey(events: readonly AgentEvent[], key: string | undefined): readonly AgentEvent[] {
  if (key === undefined) return events;
  const written = JSON.stringify(key).slice(1, -1);
  return events.map((event) => {
    const text = JSON.stringify(event);
    return text.includes(written) ? (JSON.parse(text.replaceAll(written, '[key]')) as AgentEvent) : event;
  });
}
