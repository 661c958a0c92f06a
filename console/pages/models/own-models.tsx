import { useState } from 'preact/hooks';
import type { ConsoleModelList, ModelEntry, OwnModel } from '../../../src/console/contract/models.ts';
import { ApiError } from '../../api/api-error.ts';
import { request } from '../../api/request.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { ConfigFileNote, findFileLock, RestartAdvice } from '../../parts/config-file-note.tsx';
import { ModelForm } from './model-form.tsx';
import { OwnModelTable } from './own-model-table.tsx';
import { RemoveModel } from './remove-model.tsx';

interface OwnModelsProps {
  readonly list: ConsoleModelList;
  onChange(list: ConsoleModelList): void;
  reload(): Promise<void>;
}

type Asking = { readonly kind: 'add' } | { readonly kind: 'change' | 'remove'; readonly entry: OwnModel };

/** Shows the aliases and presets of the config file, which can be added, changed and removed. */
export function OwnModels({ list, onChange, reload }: OwnModelsProps) {
  const [asking, setAsking] = useState<Asking>();
  const [done, setDone] = useState('');
  const { own, file } = list;
  const isLocked = findFileLock(file) !== '';

  /** Sends a change of the entry `replaces`; null adds one. */
  async function send(replaces: string | null, entry: ModelEntry | null): Promise<void> {
    const body = { version: file.version, replaces, entry };
    try {
      onChange(await request<ConsoleModelList>('console/models', { method: 'POST', body }));
    } catch (error) {
      // The next attempt is then about the file as it is now.
      if (error instanceof ApiError && error.code === 'config_changed') await reload();
      throw error;
    }
    setDone(entry === null ? `${replaces} is removed.` : `${entry.id} is saved.`);
    setAsking(undefined);
  }

  const close = () => setAsking(undefined);
  return (
    <section aria-labelledby="models-own">
      <h2 id="models-own">Aliases and presets</h2>
      <p>Models of your own: another id for a model, with settings for requests that name none.</p>
      {own.length > 0 && (
        <OwnModelTable
          entries={own}
          isLocked={isLocked}
          onChange={(entry) => setAsking({ kind: 'change', entry })}
          onRemove={(entry) => setAsking({ kind: 'remove', entry })}
        />
      )}
      <StateNotes list={list} />
      <div class="row models-add">
        {!isLocked && <Button onClick={() => setAsking({ kind: 'add' })}>Add a model</Button>}
        <span role="status">{done !== '' && <Badge kind="good">{done}</Badge>}</span>
      </div>
      <ConfigFileNote file={file} />
      {asking?.kind === 'add' && (
        <ModelForm models={list.models} onClose={close} onSave={(entry) => send(null, entry)} />
      )}
      {asking?.kind === 'change' && (
        <ModelForm
          entry={asking.entry}
          latest={own.find(({ id }) => id === asking.entry.id)}
          models={list.models}
          onClose={close}
          onSave={(entry) => send(asking.entry.id, entry)}
        />
      )}
      {asking?.kind === 'remove' && (
        <RemoveModel id={asking.entry.id} onClose={close} onRemove={() => send(asking.entry.id, null)} />
      )}
    </section>
  );
}

/** Explains the states of entries that are not in force. */
function StateNotes({ list: { own, file } }: { readonly list: ConsoleModelList }) {
  const has = (state: OwnModel['state']) => own.some((entry) => entry.state === state);
  return (
    <>
      {has('restart') && (
        <p>
          An entry that is not in force yet was written into the file by hand, or names a model that Codex
          learns of when it starts: <RestartAdvice file={file} />
        </p>
      )}
      {has('no_model') && <p>A model that is in no list may not exist: requests for it may be refused.</p>}
    </>
  );
}
