import type { CodexEngine } from '../../codex/chat/engine.ts';
import { imagesOf } from '../../conversation/item.ts';
import type { Images } from '../../conversation/ports/images.ts';
import type { Observer } from '../../base/observation.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../gateway/gateway.ts';
import type { ModelBackend } from '../../gateway/models/model-directory.ts';
import { createModelRouting, type ModelRouting } from '../../gateway/models/model-routing.ts';
import type { ImagesOptions } from '../../images/load-images.ts';
import { createSchemaChecker } from '../worker/schema-checker.ts';
import { createTokenizer } from '../worker/tokenizer.ts';
import type { Settings } from '../config/config.ts';
import type { CodexSetUp } from './codex-setup.ts';

/** Codex and the gateway over it, before any server. */
export interface StartedCodex {
  readonly engine: CodexEngine;
  readonly gateway: Gateway;
  /** Its models, as the model directory merges them with those of other backends. */
  readonly backend: ModelBackend;
  readonly routing: Pick<ModelRouting, 'check' | 'use' | 'serves'>;
  close(): Promise<void>;
}

export interface ServeCodexOptions extends Pick<GatewayOptions, 'checkTurns' | 'onUsage'> {
  readonly codex: CodexSetUp;
  readonly settings: Settings;
  readonly observer: Observer;
  /** Gives up the start. */
  readonly signal: AbortSignal;
  /** Returns the engine that also has the models of others; without it, there are Codex's alone. */
  join?(engine: CodexEngine): Promise<CodexEngine>;
}

/** Creates the gateway over an engine; rejects and closes the engine if that cannot serve the settings. */
export async function serveCodex(own: CodexEngine, options: ServeCodexOptions): Promise<StartedCodex> {
  const { codex, settings, observer, signal } = options;
  const { deadlines, imageHosts, limits } = settings;
  const engine = (await options.join?.(own)) ?? own;
  const schemas = createSchemaChecker();
  const tokenizer = createTokenizer();
  async function close(): Promise<void> {
    await Promise.all([engine.close(), schemas.close(), tokenizer.close()]);
  }
  try {
    const routing = createModelRouting(engine, codex.models);
    await routing.check(AbortSignal.any([signal, AbortSignal.timeout(deadlines.start * 1000)]));
    const gateway = createGateway({
      engine,
      routing,
      images: createLazyImages({ hosts: imageHosts, observer }),
      schemas,
      tokenizer,
      deadlines,
      limits,
      observer,
      checkTurns: options.checkTurns,
      onUsage: options.onUsage,
    });
    return { engine, gateway, backend: { name: 'codex', ...routing }, routing, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Creates images whose code is loaded with the first request that has one. */
function createLazyImages(options: ImagesOptions): Images {
  let loading: Promise<Images> | undefined;
  async function start(): Promise<Images> {
    const { createImages } = await import('../../images/load-images.ts');
    return createImages(options);
  }
  return {
    async load(items, signal) {
      if (imagesOf(items).length === 0) return items;
      loading ??= start();
      return await (await loading).load(items, signal);
    },
  };
}
