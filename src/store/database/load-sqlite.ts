import type { DatabaseSync } from 'node:sqlite';

interface Sqlite {
  readonly DatabaseSync: typeof DatabaseSync;
}

let loading: Promise<Sqlite> | undefined;

/**
 * Loads Node's SQLite. Node 22 warns that it is experimental, which users of the gateway can do nothing about: this one
 * warning is suppressed.
 */
export function loadSqlite(): Promise<Sqlite> {
  loading ??= loadQuietly();
  return loading;
}

async function loadQuietly(): Promise<Sqlite> {
  const { emitWarning } = process;
  process.emitWarning = (...warning: unknown[]) => {
    const [text, type] = warning;
    if (type === 'ExperimentalWarning' && String(text).startsWith('SQLite ')) return;
    Reflect.apply(emitWarning, process, warning);
  };
  try {
    return await import('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
