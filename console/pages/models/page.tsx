import type { ConsoleModelList } from '../../../src/console/contract/models.ts';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { ModelTable } from './model-table.tsx';
import { OwnModels } from './own-models.tsx';
import './models.css';

/** Shows every model that clients can ask for, and lets a person make others of them. */
export function Page() {
  const { value: list, problem, set, reload } = useLoaded<ConsoleModelList>('console/models', 'models');
  if (list === undefined) {
    return problem === '' ? <p class="muted">Loading…</p> : <Notice kind="error">{problem}</Notice>;
  }
  return (
    <>
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      {list.is_complete && (
        <p>
          Codex has no list of the models of <code>{list.provider}</code>, so that those named below and in
          Codex’s own <code>config.toml</code> are all that there are.
        </p>
      )}
      <OwnModels list={list} onChange={set} reload={reload} />
      <h2>All models</h2>
      <ModelTable models={list.models} />
    </>
  );
}
