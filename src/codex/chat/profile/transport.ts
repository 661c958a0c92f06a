import type { Observer } from '../../../base/observation.ts';
import type { Initiator } from '../../../conversation/turn.ts';
import type { Provider } from '../../home/provider.ts';
import type { UserConfig } from '../../home/user-config.ts';
import { reasonOfFallback } from '../decode/decode-fallback.ts';

/**
 * The connection by which Codex reaches the provider: an HTTP request for each turn, or a WebSocket for each thread. `auto` takes
 * WebSockets for OpenAI's own servers.
 */
export type Transport = 'http' | 'websocket' | 'auto';

/** Returns true if threads begin with a WebSocket. */
export function usesWebSocket(transport: Transport, { config }: Provider, user: UserConfig): boolean {
  if (transport !== 'auto') return transport === 'websocket';
  const isOwnAddress = config.base_url !== undefined || user.chatgpt_base_url !== undefined;
  return config.requires_openai_auth === true && !isOwnAddress;
}

/** The providers in the configuration of a child: the same one by HTTP, and by WebSocket if that is used. */
export interface ProviderIds {
  readonly http: string;
  readonly webSocket: string | undefined;
}

export function providerIds(modelProvider: string, webSocket: boolean): ProviderIds {
  return { http: modelProvider, webSocket: webSocket ? `${modelProvider}_websocket` : undefined };
}

/** Returns the id of the provider that gets to know who has caused a turn. */
export function providerIdFor(modelProvider: string, initiator: Initiator): string {
  return `${modelProvider}_${initiator}`;
}

/** Decides for one child which provider new threads use. */
export interface ProviderChoice {
  current(): string;
  /** Notes the warnings of the child: Codex reports there that a WebSocket has failed and that it goes on by HTTP. */
  hearWarning(message: string): void;
}

export interface ProviderChoiceOptions {
  readonly ids: ProviderIds;
  /** True if one failure ends the use of WebSockets in this child. */
  readonly isCautious: boolean;
  readonly observer: Observer;
}

export function createProviderChoice({ ids, isCautious, observer }: ProviderChoiceOptions): ProviderChoice {
  let current = ids.webSocket ?? ids.http;
  return {
    current: () => current,
    hearWarning(message) {
      const reason = reasonOfFallback(message);
      if (reason === undefined) return;
      if (isCautious) current = ids.http;
      const status = /unexpected status (\d{3})/.exec(reason)?.[1];
      observer.observe({
        type: 'websocket-failed',
        status: status === undefined ? undefined : Number(status),
        isLast: isCautious,
      });
    },
  };
}
