import type { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { SYSTEM_FOLDER } from '../../codex/home/system-config.ts';
import type { CodexEngine } from '../../codex/chat/engine.ts';
import { addCopilot } from '../copilot/add-copilot.ts';
import { openCopilot } from '../copilot/open-copilot.ts';
import { prepareCodex } from '../codex/codex-setup.ts';
import { startCodex } from '../codex/start-codex.ts';
import type { StartedCodex } from '../codex/serve-codex.ts';
import type { Environment } from '../config/config.ts';
import { findGateway } from '../gateways/find-gateway.ts';
import type { Target } from '../gateways/find-target.ts';

export interface InquiryOptions extends Pick<Target, 'settings' | 'running'> {
  readonly environment: Environment;
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

/** One question, for a running gateway or for a Codex of its own. */
export interface Inquiry<T extends z.ZodType> {
  /** Path of the gateway that answers it, and the schema of that answer. */
  readonly path: string;
  readonly schema: T;
  /** Answers it with a Codex that was started for it. */
  answer(codex: StartedCodex): Promise<z.output<T>>;
}

/** Asks the running gateway, or starts a Codex for the question if none runs. */
export async function inquire<T extends z.ZodType>(
  { path, schema, answer }: Inquiry<T>,
  { settings, running, environment, observer, signal }: InquiryOptions,
): Promise<z.output<T>> {
  const gateway = await findGateway({ settings, running }, signal);
  if (gateway) {
    const answered = await gateway.ask(path, schema);
    if (answered !== undefined) return answered;
    throw new StartupError(
      'The running gateway takes another token; pass it with --token, or choose another --port.',
    );
  }
  const codex = await prepareCodex({ settings, environment, systemFolder: SYSTEM_FOLDER, isFresh: true });
  const copilot = settings.copilot.enabled ? openCopilot(settings, environment, observer) : undefined;
  const added = copilot && addCopilot({ ...copilot, codex, environment, observer });
  const join = async (own: CodexEngine) => added?.join(own) ?? own;
  try {
    const started = await startCodex({ codex, settings, observer, signal, join });
    added?.show();
    return await answerAndClose(started, answer);
  } finally {
    await copilot?.copilot.close();
  }
}

async function answerAndClose<T>(
  started: StartedCodex,
  answer: (codex: StartedCodex) => Promise<T>,
): Promise<T> {
  try {
    return await answer(started);
  } finally {
    await started.close();
  }
}
