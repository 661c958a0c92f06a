import { computed, signal } from '@preact/signals';
import { readImages } from './images.ts';
import { ask, NOTHING_ARRIVED } from './wire/ask.ts';
import { buildRequest } from './wire/build-request.ts';
import {
  awaitsResults,
  type AnswerEntry,
  type AttachedImage,
  type ChatEntry,
  type PlaygroundRequest,
  type PromptSettings,
} from './wire/entries.ts';
import { parseFields } from './wire/parse-fields.ts';

/** Settings of the next request. They outlive a change of the page, and are kept nowhere. */
export const settings = signal<PromptSettings>({
  api: 'chat',
  model: '',
  effort: '',
  verbosity: '',
  isStreamed: true,
  isStrict: false,
  instructions: '',
  format: 'text',
  schema: '',
  tools: '',
  toolChoice: '',
  further: '',
});

export const entries = signal<readonly ChatEntry[]>([]);

/** The message that is being written. */
export const draft = signal<{ readonly text: string; readonly images: readonly AttachedImage[] }>({
  text: '',
  images: [],
});

/** Says why images were not taken; '' if all were. */
export const imageProblem = signal('');

/** Adds files to the draft that can be sent as images. */
export async function addImages(files: readonly File[]): Promise<void> {
  const { images, problem } = await readImages(files, draft.value.images.length);
  draft.value = { ...draft.value, images: [...draft.value.images, ...images] };
  imageProblem.value = problem;
}

const running = signal<AbortController | undefined>(undefined);

export const isRunning = computed(() => running.value !== undefined);

export const problems = computed(() => parseFields(settings.value).problems);

/** Says why nothing can be sent now; '' if it can. */
export const obstacle = computed(() => {
  if (settings.value.model === '') return 'No model is chosen yet.';
  if (Object.keys(problems.value).length > 0) return 'Some JSON in the settings cannot be read.';
  return awaitsResults(entries.value.at(-1)) ? 'Give the results of the calls first.' : '';
});

let lastId = 0;

function nextId(): number {
  lastId += 1;
  return lastId;
}

export function changeSettings(changed: Partial<PromptSettings>): void {
  settings.value = { ...settings.value, ...changed };
}

/** Sends the draft. */
export function sendDraft(): void {
  const { text, images } = draft.value;
  if (obstacle.value !== '' || isRunning.value || (text.trim() === '' && images.length === 0)) return;
  draft.value = { text: '', images: [] };
  imageProblem.value = '';
  entries.value = [...entries.value, { kind: 'prompt', id: nextId(), text, images }];
  void answer();
}

/** Asks for the last answer once more. */
export function tryAgain(): void {
  if (isRunning.value) return;
  entries.value = entries.value.slice(
    0,
    entries.value.findLastIndex(({ kind }) => kind === 'answer'),
  );
  void answer();
}

/** Takes a message back into the draft, with everything after it. */
export function editPrompt(id: number): void {
  const index = entries.value.findIndex((entry) => entry.id === id);
  const entry = entries.value[index];
  if (isRunning.value || entry?.kind !== 'prompt') return;
  draft.value = { text: entry.text, images: entry.images };
  entries.value = entries.value.slice(0, index);
}

/** Gives the results of the calls of the last answer, and asks how it goes on. */
export function giveResults(results: Readonly<Record<string, string>>): void {
  const last = entries.value.at(-1);
  if (isRunning.value || !awaitsResults(last)) return;
  change(last.id, { results });
  void answer();
}

/** Builds the request that the draft would become. */
export function nextRequest(): PlaygroundRequest {
  const { text, images } = draft.value;
  const prompt: ChatEntry = { kind: 'prompt', id: 0, text, images };
  return buildRequest(settings.value, [...entries.value, prompt]);
}

export function stop(): void {
  running.value?.abort();
}

export function clear(): void {
  stop();
  entries.value = [];
}

/** Asks for the next answer with the settings as they are now. */
async function answer(): Promise<void> {
  const control = new AbortController();
  const request = buildRequest(settings.value, entries.value);
  const id = nextId();
  running.value = control;
  entries.value = [...entries.value, { kind: 'answer', id, state: 'running', request, ...NOTHING_ARRIVED }];
  const painter = paintOnce((changed) => change(id, changed));
  try {
    await ask(request, control.signal, painter.show);
    painter.flush();
    change(id, { state: hasFailed(id) ? 'failed' : 'done' });
  } catch {
    painter.flush();
    change(id, { state: 'stopped' });
  } finally {
    if (running.value === control) running.value = undefined;
  }
}

function hasFailed(id: number): boolean {
  return entries.value.some(
    (entry) => entry.kind === 'answer' && entry.id === id && entry.content.error !== undefined,
  );
}

function change(id: number, changed: Partial<AnswerEntry>): void {
  entries.value = entries.value.map((entry) =>
    entry.id === id && entry.kind === 'answer' ? { ...entry, ...changed } : entry,
  );
}

/** Shows what comes in the same picture at once. */
function paintOnce(paint: (changed: Partial<AnswerEntry>) => void) {
  let waiting: Partial<AnswerEntry> | undefined;
  function flush(): void {
    if (waiting !== undefined) paint(waiting);
    waiting = undefined;
  }
  return {
    flush,
    show(changed: Partial<AnswerEntry>): void {
      if (waiting === undefined) requestAnimationFrame(flush);
      waiting = changed;
    },
  };
}
