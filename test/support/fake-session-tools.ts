import type { AgentTools } from '../../src/conversation/ports/agent.ts';
import type { SessionTools } from '../../src/sessions/session-tools.ts';

export interface FakeSessionTools extends SessionTools {
  /** The tools that sessions were given, oldest first. */
  readonly opened: readonly AgentTools[];
  /** Ids of the sessions whose keys have ended. */
  readonly forgotten: readonly string[];
}

/** Gives sessions tools that nobody serves. */
export function createFakeSessionTools(): FakeSessionTools {
  const opened: AgentTools[] = [];
  const forgotten: string[] = [];
  return {
    opened,
    forgotten,
    async open({ id }) {
      const key = `key-${opened.length + 1}-of-${id}`;
      opened.push({ name: 'gateway_tools', url: 'http://127.0.0.1:1/mcp', key, asked: [] });
      return opened.at(-1)!;
    },
    forget: (id) => void forgotten.push(id),
  };
}
