import type { AnyTool } from '../../tools/tool.ts';
import type { ToolContext } from './tool-context.ts';

/** The place of a tool, which the configuration may leave empty. */
export interface ToolSlot {
  readonly name: string;
  /** Path below `/tools/v1`. */
  readonly path: string;
  /** The key of the configuration that switches it on; undefined for a tool that is always on. */
  readonly key?: string;
  /** Opens the tool, whose code is loaded only now; undefined if the configuration lacks its part. */
  open(context: ToolContext): Promise<AnyTool | undefined>;
}

/** The gateway's own tools, in the order of the catalog. */
export const TOOL_SLOTS: readonly ToolSlot[] = [
  {
    name: 'kb.search',
    path: '/kb/search',
    key: 'tools.knowledge',
    async open(context) {
      if (context.settings.knowledge === undefined) return undefined;
      const { openKnowledge } = await import('./open-knowledge.ts');
      return openKnowledge(context, context.settings.knowledge);
    },
  },
  {
    name: 'repo.hygiene',
    path: '/repo/hygiene',
    async open({ settings }) {
      const { createRepoHygiene } = await import('../../tools/hygiene/repo-hygiene.ts');
      return createRepoHygiene(settings.hygiene);
    },
  },
  {
    name: 'tests.run',
    path: '/tests/run',
    key: 'tools.tests',
    async open(context) {
      if (context.settings.tests === undefined) return undefined;
      const { openTestRuns } = await import('./open-test-runs.ts');
      return openTestRuns(context, context.settings.tests);
    },
  },
  {
    name: 'git.create_pr',
    path: '/git/create-pr',
    key: 'tools.repositories',
    async open(context) {
      if (context.settings.repositories === undefined) return undefined;
      const { openPullRequests } = await import('./open-pull-requests.ts');
      return openPullRequests(context);
    },
  },
];
