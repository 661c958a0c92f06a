import type { AgentEvent, AgentRequest } from '../../conversation/ports/agent.ts';
import { makeFolders } from '../workspace/make-folders.ts';

/** Folders that are made for allowed edits, since Codex itself can make none where commands may not write. */
export interface EditFolders {
  /** Makes them, the outermost first. Rejects if one cannot be made, and leaves none then. */
  make(request: AgentRequest, folders: readonly string[]): Promise<void>;
  /** Removes those of one edit. */
  remove(request: AgentRequest): void;
  /** Removes those of an edit that has not been made. */
  hear(event: AgentEvent): void;
  /** Removes those of every edit that is not known to be made. */
  removeAll(): void;
}

interface MadeFolders {
  readonly itemId: string | undefined;
  readonly turnId: string;
  remove(): Promise<void>;
}

export function createEditFolders(): EditFolders {
  let made: readonly MadeFolders[] = [];

  function removeAll(isConcerned: (folders: MadeFolders) => boolean): void {
    const concerned = made.filter(isConcerned);
    made = made.filter((folders) => !concerned.includes(folders));
    // The newest first: they may lie in older ones.
    void concerned.reduceRight(async (before, folders) => {
      await before;
      await folders.remove();
    }, Promise.resolve());
  }

  return {
    async make({ itemId, turnId }, folders) {
      if (folders.length > 0) made = [...made, { itemId, turnId, remove: await makeFolders(folders) }];
    },
    hear(event) {
      if (event.type === 'turn-completed') removeAll(({ turnId }) => turnId === event.turnId);
      if (event.type !== 'item-completed') return;
      const { turnId, item } = event;
      const isOfItem = (folders: MadeFolders) => folders.itemId === item.id && folders.turnId === turnId;
      if (item.status === 'completed') made = made.filter((folders) => !isOfItem(folders));
      else removeAll(isOfItem);
    },
    remove: ({ itemId, turnId }) =>
      removeAll((folders) => folders.itemId === itemId && folders.turnId === turnId),
    removeAll: () => removeAll(() => true),
  };
}
