import type { ConsoleModelList } from '../../../src/console/contract/models.ts';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { ModelTable } from './model-table.tsx';
import './models.css';

/** Shows every model that clients can ask for, and what it can do. */
export function Page() {
  const { value: list, problem } = useLoaded<ConsoleModelList>('console/models');
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (list === undefined) return <p class="muted">Loading…</p>;
  return <ModelTable models={list.models} />;
}
