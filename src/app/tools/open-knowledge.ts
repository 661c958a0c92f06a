import { readGlobs } from '../../store/knowledge/document-globs.ts';
import { createKbSearch } from '../../tools/knowledge/kb-search.ts';
import type { AnyTool } from '../../tools/tool.ts';
import { findHome } from '../config/config.ts';
import { createKnowledgeThread } from '../worker/knowledge-thread.ts';
import type { ToolContext } from './tool-context.ts';

/** Opens the tool that searches the documents of some globs. Nothing is read before the first search. */
export function openKnowledge(
  { configFolder, stateDirectory, hidden, environment, onClose }: ToolContext,
  globs: readonly string[],
): AnyTool {
  const index = createKnowledgeThread({
    folder: stateDirectory,
    globs: readGlobs(globs, { configFolder, home: findHome(environment), hidden }),
  });
  onClose(index.close);
  return createKbSearch(index);
}
