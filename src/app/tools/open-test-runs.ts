import { createTargetRunner } from '../../tools/test-runs/target-runner.ts';
import { createTestsRun } from '../../tools/test-runs/tests-run.ts';
import type { AnyTool } from '../../tools/tool.ts';
import { findConfiguredPath } from '../config/configured-path.ts';
import type { ToolSettings } from '../config/tool-settings.ts';
import type { ToolContext } from './tool-context.ts';

/** Opens the tool that runs configured tests. */
export function openTestRuns(
  { configFolder, environment, onClose }: ToolContext,
  tests: NonNullable<ToolSettings['tests']>,
): AnyTool {
  const runner = createTargetRunner({
    tests: Object.fromEntries(
      Object.entries(tests).map(([name, { cwd, ...rest }]) => [
        name,
        { ...rest, cwd: findConfiguredPath(cwd, configFolder, environment) },
      ]),
    ),
    environment,
  });
  onClose(runner.close);
  return createTestsRun(runner);
}
