import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { announceGateway } from '../../src/app/gateways/running-gateways.ts';
import { readSettings } from '../../src/app/config/config.ts';
import { TOKEN } from './gateway.ts';
import { startHttpServer } from './start-http-server.ts';

/** An event without its number; `cut` ends the stream there. */
export type ScriptedEvent = { readonly type: string; readonly [field: string]: unknown } | 'cut';

interface Refusal {
  readonly status: number;
  readonly body: object;
}

export interface ScriptedSessions {
  readonly origin: string;
  /** Bodies that were sent, with the ends of their paths. */
  readonly sent: readonly (readonly [path: string, body: Readonly<Record<string, unknown>>])[];
  /** Values of `Last-Event-ID`. */
  readonly taken: readonly (string | undefined)[];
}

interface SessionScript {
  /** The first are sent after the message, the next ones after each answer or interruption. */
  readonly steps: readonly (readonly ScriptedEvent[])[];
  /** Refuses a request. */
  refuse?(path: string, body: Readonly<Record<string, unknown>>): Refusal | undefined;
  /** Fields of the session beside those of a new one. */
  readonly session?: object;
}

/**
 * Starts a server with the routes of one session, as the running gateway of a user, for tests of what a command makes of its
 * events.
 */
export async function startScriptedSessions(
  environment: Record<string, string>,
  script: SessionScript,
): Promise<ScriptedSessions> {
  const sent: [string, Readonly<Record<string, unknown>>][] = [];
  const taken: (string | undefined)[] = [];
  const log: { readonly id: number; readonly event: Exclude<ScriptedEvent, 'cut'> }[] = [];
  const session = { id: 'one', workspace_root: '/ws', status: 'running', ...script.session };
  let stream: ServerResponse | undefined;
  let step = 0;

  const write = ({ id, event }: (typeof log)[number]) =>
    stream?.write(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify({ ...event, id })}\n\n`);
  function play(): void {
    for (const event of script.steps[step] ?? []) {
      if (event === 'cut') {
        stream?.end();
        stream = undefined;
        continue;
      }
      const logged = { id: log.length + 1, event };
      log.push(logged);
      write(logged);
    }
    step += 1;
  }

  const { origin } = await startHttpServer(async (request, response) => {
    const path = request.url!.replace('/chat/sessions', '').replace(/^\/one/, '');
    if (request.method === 'POST') {
      const body = (await json(request)) as Readonly<Record<string, unknown>>;
      sent.push([path, body]);
      const refusal = script.refuse?.(path, body);
      response.writeHead(refusal?.status ?? 202, { 'content-type': 'application/json' });
      response.end(JSON.stringify(refusal?.body ?? { ok: true, session }));
      if (refusal === undefined && path !== '') play();
    } else if (path.startsWith('/stream')) {
      const last = request.headers['last-event-id'] as string | undefined;
      taken.push(last);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      stream = response;
      for (const logged of log) if (logged.id > Number(last)) write(logged);
    } else response.end(JSON.stringify({ ok: true, session }));
  });
  await announce(environment, new URL(origin).port);
  return { origin, sent, taken };
}

async function announce(environment: Record<string, string>, port: string): Promise<void> {
  const settings = await readSettings({ port, token: TOKEN }, environment);
  const command = 'codex-gateway';
  const announced = { ...settings, token: undefined };
  const withdraw = await announceGateway({
    settings: announced,
    port: Number(port),
    token: TOKEN,
    command,
    demo: false,
  });
  onTestFinished(withdraw);
}
