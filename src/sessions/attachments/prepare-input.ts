import { createPace } from '../../base/async/pace.ts';
import type { AgentInput } from '../../conversation/ports/agent.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { MessageAttachment } from '../events/shapes.ts';
import { decodeAttachment, imageExtensionOf } from './attachment.ts';
import { describeContext } from './describe-context.ts';

/** A message as a session passes it on. */
export interface MessageSources {
  readonly sessionId: string;
  /** Facts that the host application tells of itself. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly attachments: readonly MessageAttachment[];
}

export interface PreparedInput {
  readonly input: readonly AgentInput[];
  /** Removes the files that only this turn needs. */
  release(): Promise<void>;
}

/** Maximum bytes of a text file that becomes a part of the message, and of all of them. */
const MAX_INLINE_BYTES = 64 * 1024;
const MAX_ALL_INLINE_BYTES = 256 * 1024;

/** Brings a message with its attachments into the form in which the agent reads it. */
export async function prepareInput(
  { sessionId, context, text, attachments }: MessageSources,
  files: AttachmentFiles,
): Promise<PreparedInput> {
  const pace = createPace();
  const parts: AgentInput[] = [];
  const lent: string[] = [];
  let inlineBytes = 0;

  async function add(attachment: MessageAttachment, index: number): Promise<void> {
    const bytes = await decodeAttachment(attachment, index, pace);
    const name = attachment.name === '' ? `attachment ${index + 1}` : attachment.name;
    const extension = imageExtensionOf(attachment);
    if (extension !== undefined) {
      const path = await files.lend(sessionId, extension, bytes);
      lent.push(path);
      parts.push(textOf(`The next image is the attachment ${JSON.stringify(name)}.`), {
        type: 'image',
        path,
      });
      return;
    }
    const isSmall = bytes.length <= MAX_INLINE_BYTES && inlineBytes + bytes.length <= MAX_ALL_INLINE_BYTES;
    const content = isSmall ? decodeText(bytes) : undefined;
    if (content !== undefined) {
      inlineBytes += bytes.length;
      parts.push(textOf(`Attached file ${JSON.stringify(name)}:\n${fence(content)}`));
      return;
    }
    const path = await files.keep(sessionId, name, bytes);
    const type = attachment.mime_type === '' ? '' : `, ${attachment.mime_type}`;
    parts.push(
      textOf(`Attached file ${JSON.stringify(name)} (${bytes.length} bytes${type}) can be read at ${path}`),
    );
  }

  const release = async () => void (await Promise.all(lent.map(files.remove)));
  try {
    for (const [index, attachment] of attachments.entries()) await add(attachment, index);
  } catch (error) {
    await release();
    throw error;
  }
  const before = describeContext(context);
  // The message comes last, where models give it the most weight.
  const texts = [
    ...(before === '' ? [] : [textOf(before)]),
    ...parts,
    ...(text === '' ? [] : [textOf(text)]),
  ];
  return { input: texts, release };
}

function textOf(text: string): AgentInput {
  return { type: 'text', text };
}

/** Returns the text of a file in UTF-8; undefined for any other file. */
function decodeText(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // oxlint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Puts a text between fences that are longer than any in it. */
function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((found) => found.length));
  const line = '`'.repeat(longest + 1);
  return `${line}\n${text}${text.endsWith('\n') ? '' : '\n'}${line}`;
}
