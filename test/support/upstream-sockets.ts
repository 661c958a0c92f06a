import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** The WebSockets that Codex has opened to the scripted provider. */
export interface UpstreamSockets {
  /** Open ones. */
  readonly open: ReadonlySet<WebSocket>;
  /** One for each turn, in order. */
  readonly used: readonly WebSocket[];
  /** Refuses further ones with this status; undefined accepts them again. */
  refuse(status: number | undefined): void;
}

/** Answers one `response.create`; the response stands for the socket. */
type AnswerMessage = (incoming: IncomingMessage, text: Buffer, response: ServerResponse) => void;

/** Accepts WebSockets beside HTTP. It answers by itself the messages by which Codex only prepares a thread. */
export function acceptSockets(server: Server, answer: AnswerMessage): UpstreamSockets {
  const sockets = new WebSocketServer({ noServer: true });
  const used: WebSocket[] = [];
  let status: number | undefined;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opening) => {
      opening.on('message', (data: Buffer) => {
        const { generate } = JSON.parse(data.toString()) as { readonly generate?: boolean };
        if (generate === false) return prepare(opening);
        used.push(opening);
        answer(request, data, asResponse(opening));
      });
    });
  });
  return {
    open: sockets.clients,
    used,
    refuse: (next) => {
      status = next;
    },
  };
}

function prepare(socket: WebSocket): void {
  socket.send(JSON.stringify({ type: 'response.created', response: { id: 'resp_0' } }));
  socket.send(JSON.stringify({ type: 'response.completed', response: { id: 'resp_0', usage: null } }));
}

/** Returns the part of a response that scripts use: events become messages, and an error status a message about it. */
function asResponse(socket: WebSocket): ServerResponse {
  let status = 200;
  const response = {
    writeHead(given: number) {
      status = given;
      return response;
    },
    write(text: string) {
      for (const [, event] of text.matchAll(/^data: (.*)$/gm)) socket.send(event!);
      return true;
    },
    end(text = '') {
      if (status !== 200) socket.send(JSON.stringify({ type: 'error', status, ...JSON.parse(text) }));
      return response;
    },
    destroy() {
      socket.terminate();
      return response;
    },
    once(_event: 'close', listener: () => void) {
      socket.once('close', listener);
      return response;
    },
    writableFinished: false,
  };
  return response as unknown as ServerResponse;
}
