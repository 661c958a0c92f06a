import type { CodexEngine } from '../../codex/chat/engine.ts';

/** Resident memory in bytes. */
export interface MemoryFigures {
  readonly gateway: number;
  /** All app-servers with what they have started, those included that end with their last requests. */
  readonly child: number;
}

/** Reads how much memory the gateway and its app-servers take. */
export async function readMemoryFigures(engine: Pick<CodexEngine, 'memoryBytes'>): Promise<MemoryFigures> {
  return { gateway: process.memoryUsage.rss(), child: await engine.memoryBytes() };
}
