import { createId } from '../../../base/ids.ts';
import { snapshotBody } from './body-snapshot.ts';
import { createDiagnosticsFile } from './diagnostics-file.ts';
import type { DiagnosticsOptions } from './diagnostics-options.ts';
import { formatEvent, type EventFields } from './format-event.ts';
import { createRecorder, type WrittenBody } from './recorder.ts';
import { SILENT_DIAGNOSTICS, type RequestDiagnostics } from './request-diagnostics.ts';
import { createSecrets } from './secrets.ts';

export interface DiagnosticsContext {
  /** Names of the headers of Codex that are sent on. */
  readonly codexHeaders: readonly string[];
  /** Secrets that are known from the beginning. */
  readonly secrets: readonly (string | undefined)[];
  /** Called once, with the first error for which lines are lost. */
  onLost(error: unknown): void;
}

/** A file with an event in each line, for finding out what happened to a request. */
export interface Diagnostics {
  /** @param id Id by which the lines of a request belong together; a new one if absent. */
  open(id?: string): RequestDiagnostics;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Touches no file before there is something to write. */
export function createDiagnostics(options: DiagnosticsOptions, context: DiagnosticsContext): Diagnostics {
  const { level } = options;
  return level === 'off'
    ? { open: () => SILENT_DIAGNOSTICS, close: async () => {} }
    : createFileDiagnostics({ ...options, level }, context);
}

function createFileDiagnostics(
  options: DiagnosticsOptions & { readonly level: Exclude<DiagnosticsOptions['level'], 'off'> },
  context: DiagnosticsContext,
): Diagnostics {
  const { level, contentBytes, maxLineBytes } = options;
  const secrets = createSecrets(context.secrets);
  const { redact } = secrets;
  const file = createDiagnosticsFile({ ...options, onLost: context.onLost });

  function write(event: Parameters<typeof formatEvent>[0], body: WrittenBody | undefined): void {
    const makeSnapshot = () =>
      body && level !== 'metadata'
        ? snapshotBody(body.bytes, body.isEncoded, { level, contentBytes, redact })
        : undefined;
    // A body is parsed later, when its request has been sent.
    file.append(() => formatEvent(event, makeSnapshot(), { maxLineBytes, redact }), body?.bytes.length ?? 0);
  }

  return {
    open(id = createId('req_')) {
      return createRecorder({
        ...context,
        secrets,
        hasContent: level !== 'metadata',
        write: (kind: string, fields: EventFields, body?: WrittenBody) =>
          write({ timeMs: Date.now(), kind, fields: { local_id: id, ...fields } }, body),
      });
    },
    close: file.close,
  };
}
