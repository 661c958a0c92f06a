import type { ConfigFileState } from '../../src/console/contract/config-file.ts';
import { session } from '../app/session.ts';

/** Returns a sentence that says why this browser cannot change the config file; '' if it can. */
export function findFileLock({ problem }: Pick<ConfigFileState, 'problem'>): string {
  if (problem !== null) return problem;
  const me = session.value;
  return typeof me === 'object' && me.read_only ? 'This browser is signed in to look only.' : '';
}

/** Says which file holds what a page shows, and why it cannot be changed if it cannot. */
export function ConfigFileNote({ file }: { readonly file: ConfigFileState }) {
  const lock = findFileLock(file);
  return (
    <p class="muted">
      Config file: <code>{file.path}</code>
      {!file.exists && ', which does not exist yet'}. {lock}
    </p>
  );
}

/** Says how the gateway is restarted, as the end of a sentence. */
export function RestartAdvice({ file: { restart } }: { readonly file: Pick<ConfigFileState, 'restart'> }) {
  if (restart === null) return <>stop the gateway with Ctrl-C, and start it again in the same way.</>;
  return (
    <>
      run <code>{restart}</code>.
    </>
  );
}
