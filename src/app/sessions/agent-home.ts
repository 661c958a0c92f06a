import { withoutBrackets } from '../../base/network.ts';
import { createPrivateHome } from '../../codex/home/private-home.ts';
import type { Provider } from '../../codex/home/provider.ts';
import { loopbackEnvironment } from '../../codex/process/environment.ts';
import { codexHomePath, type Environment, type Settings } from '../config/config.ts';
import { agentEnvironment } from './agent-environment.ts';
import { withoutProxyFor } from './without-proxy.ts';

/** The CODEX_HOME of the agent's app-server, and its environment. */
export interface AgentHome {
  readonly codexHome: string;
  readonly environment: Record<string, string>;
  /** Removes what was made for this run. */
  remove(): Promise<void>;
}

/** The provider and the model of the demo. */
export interface DemoAgent {
  readonly provider: Provider;
  readonly model: string;
}

interface AgentHomeOptions {
  readonly demo: DemoAgent | undefined;
  /** Origin at which the agent's app-server reaches the gateway. */
  readonly origin: string;
}

/**
 * Returns the user's own home; the demo gets one for this run, with its own model and nothing else, because it needs no login and
 * leaves nothing in the user's Codex.
 */
export async function openAgentHome(
  settings: Settings,
  environment: Environment,
  { demo, origin }: AgentHomeOptions,
): Promise<AgentHome> {
  if (demo === undefined) {
    const { tokenEnv } = settings.tools.github;
    const secrets = [settings.token?.value, tokenEnv && environment[tokenEnv]];
    return {
      codexHome: codexHomePath(environment),
      environment: withoutProxyFor(hostOf(origin), agentEnvironment(environment, secrets)),
      remove: async () => {},
    };
  }
  const { model, provider } = demo;
  const home = await createPrivateHome({
    stateDirectory: settings.stateDirectory,
    userHome: undefined,
    config: () => ({
      model,
      model_provider: provider.id,
      model_providers: { [provider.id]: provider.config },
    }),
  });
  return { codexHome: home.path, environment: loopbackEnvironment(environment), remove: home.remove };
}

function hostOf(origin: string): string {
  return withoutBrackets(new URL(origin).hostname);
}
