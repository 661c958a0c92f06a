import { readFile } from 'node:fs/promises';
import { askQuestion, type Question } from '../../app/inquiries/ask.ts';
import type { Environment, Flags } from '../../app/config/config.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import { withGateway } from '../../app/inquiries/with-gateway.ts';
import { StartupError } from '../../base/errors.ts';
import { createCallPerson } from '../call-person.ts';
import { readInput, type Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { showControls } from '../show-controls.ts';

export interface AskFlags extends Flags {
  readonly model?: string;
  readonly effort?: string;
  /** Path of a file. */
  readonly image?: string;
  readonly json?: boolean;
  readonly tools?: boolean;
  readonly demo?: boolean;
}

/** Exit code of a question that Ctrl-C has ended. */
const INTERRUPTED = 130;

/** Asks the running gateway, or one started for it, a question, and prints the answer as it arrives. */
export async function ask(
  flags: AskFlags,
  environment: Environment,
  terminal: Terminal,
  words?: string,
): Promise<void> {
  const question = await readQuestion(flags, words);
  const run = (signal: AbortSignal) =>
    withGateway({ flags, environment, demo: flags.demo ?? false, signal }, async ({ origin, token }) => {
      let lastText = '\n';
      function endLine(): void {
        if (!lastText.endsWith('\n')) terminal.write('\n');
        lastText = '\n';
      }
      const response = await askQuestion(question, {
        origin,
        token,
        signal,
        command: ownCommand(environment).usual,
        person: flags.tools ? createCallPerson(terminal, { signal, endLine }) : undefined,
        onText(piece) {
          if (flags.json) return;
          // A terminal would obey control characters, and could hide the question to the person that follows.
          terminal.write(terminal.isTerminal ? showControls(piece.replaceAll('\r\n', '\n')) : piece);
          lastText = piece;
        },
      });
      if (flags.json) terminal.print(JSON.stringify(response, null, 2));
      else endLine();
      if (response.status === 'incomplete')
        terminal.complain(describeIncomplete(response.incomplete_details));
    });
  await untilStopped('Stopped.', run, INTERRUPTED);
}

async function readQuestion(
  { model, effort, image }: AskFlags,
  words: string | undefined,
): Promise<Question> {
  const question = words === undefined || words === '-' ? await readInput() : words;
  if (question.trim() === '') {
    throw new StartupError('There is no question; add one after ask, or pipe one in.');
  }
  return {
    text: question,
    image: image === undefined ? undefined : await readImage(image),
    model,
    effort,
  };
}

/** The first bytes of each accepted type, in base64. */
const IMAGE_TYPES: readonly (readonly [beginning: string, type: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

async function readImage(path: string): Promise<string> {
  const base64 = await readFile(path, 'base64').catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`The image ${path} cannot be read (${error.code}).`);
  });
  const type = IMAGE_TYPES.find(([beginning]) => base64.startsWith(beginning))?.[1];
  if (type !== undefined) return `data:${type};base64,${base64}`;
  throw new StartupError(`${path} is not an image of a supported type; send a PNG, JPEG, GIF or WebP.`);
}

function describeIncomplete(details: unknown): string {
  const { reason } = (details ?? {}) as { readonly reason?: unknown };
  return `The answer is incomplete${typeof reason === 'string' ? ` (${reason})` : ''}.`;
}
