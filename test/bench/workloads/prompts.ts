import { crc32, deflateSync } from 'node:zlib';
import { userMessage, type Item } from '../clients/client.ts';

/** A first request: a few words, a long history, or an image. */
export type Prompt =
  | { readonly type: 'hello' }
  | { readonly type: 'history'; readonly bytes: number }
  | { readonly type: 'image'; readonly bytes: number };

const MESSAGE_BYTES = 5_000;

export function createItems(prompt: Prompt): Item[] {
  if (prompt.type === 'hello') return [userMessage('hello')];
  if (prompt.type === 'image') return [imageMessage(prompt.bytes)];
  const messages = Array.from({ length: Math.ceil(prompt.bytes / MESSAGE_BYTES) }, (_, index) =>
    longMessage(index),
  );
  return [...messages, userMessage('hello')];
}

/** Makes messages of user and assistant by turns. */
function longMessage(index: number): Item {
  const text = `${index}: `.padEnd(MESSAGE_BYTES, 'All work and no play makes a "dull" day.\n');
  return index % 2 === 0
    ? userMessage(text)
    : { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
}

function imageMessage(bytes: number): Item {
  const image_url = `data:image/png;base64,${createPng(bytes).toString('base64')}`;
  return {
    type: 'message',
    role: 'user',
    content: [
      { type: 'input_text', text: 'hello' },
      { type: 'input_image', image_url },
    ],
  };
}

/** Creates a PNG of about the given size, from pixels that do not compress. */
function createPng(bytes: number): Buffer {
  const side = Math.floor(Math.sqrt(bytes / 3));
  const rows = Buffer.alloc(side * (side * 3 + 1));
  let state = 1;
  for (let index = 0; index < rows.length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rows[index] = index % (side * 3 + 1) === 0 ? 0 : state >>> 24;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows, { level: 0 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(content, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}
