import type { Observer } from '../../base/observation.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import type { CopilotRoutesOptions } from '../../http/copilot/copilot-routes.ts';
import type { CodexSetUp } from '../codex/codex-setup.ts';
import type { Environment } from '../config/config.ts';
import { createCopilotEngine } from './copilot-engine.ts';
import { nameTurnFailure } from './copilot-failure.ts';
import { createCopilotList } from './copilot-list.ts';
import { joinEngines } from './join-engines.ts';
import { createKeptFailures } from './kept-failures.ts';

/** GitHub Copilot's models beside those of Codex. Nothing is asked or started for them until a request comes. */
export interface AddedCopilot {
  /** Returns an engine that also has them. */
  join(codex: CodexEngine): CodexEngine;
  /** Shows them in lists of all models from now on: the start of a gateway does not wait for them. */
  show(): void;
}

export interface AddCopilotOptions extends Pick<CopilotRoutesOptions, 'copilot' | 'stallLimitMs'> {
  readonly codex: Pick<CodexSetUp, 'engineOptions'>;
  readonly environment: Environment;
  readonly observer: Observer;
}

export function addCopilot({
  copilot: adapter,
  stallLimitMs,
  codex: { engineOptions: codex },
  environment,
  observer,
}: AddCopilotOptions): AddedCopilot {
  const list = createCopilotList(adapter, codex.command);
  const failures = createKeptFailures();
  const { catalog } = list;
  const engine = createCopilotEngine({
    adapter,
    stallLimitMs,
    codex,
    environment,
    observer,
    failures,
    catalog,
  });
  return {
    join: (own) =>
      joinEngines(own, {
        engine,
        list,
        nameFailure(error, model) {
          const restored = failures.restore(error);
          return restored === error ? nameTurnFailure(error, model, codex.command) : restored;
        },
      }),
    show: list.show,
  };
}
