import { useState } from 'preact/hooks';
import type { SettingList, ShownSetting } from '../../../src/console/contract/settings.ts';
import { ApiError } from '../../api/api-error.ts';
import { request } from '../../api/request.ts';
import { Badge } from '../../parts/badge.tsx';
import { findFileLock, RestartAdvice } from '../../parts/config-file-note.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { SettingForm } from './setting-form.tsx';
import { SettingGroups } from './setting-groups.tsx';
import './settings.css';

/** Shows the settings in force and where they are from, and changes those of the config file. */
export function Page() {
  const { value: list, problem, set, reload } = useLoaded<SettingList>('console/settings', 'settings');
  if (list === undefined) {
    return problem === '' ? <p class="muted">Loading…</p> : <Notice kind="error">{problem}</Notice>;
  }
  return (
    <>
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      <Settings list={list} onChange={set} reload={reload} />
    </>
  );
}

interface SettingsProps {
  readonly list: SettingList;
  onChange(list: SettingList): void;
  reload(): Promise<void>;
}

function Settings({ list, onChange, reload }: SettingsProps) {
  const [changing, setChanging] = useState<ShownSetting>();
  const [done, setDone] = useState('');
  const { settings, places, file } = list;
  // A newer value in the file reaches the open form.
  const current = changing && (settings.find(({ key }) => key === changing.key) ?? changing);
  const lock = findFileLock(file);
  const close = () => setChanging(undefined);

  async function save({ key }: ShownSetting, value: unknown): Promise<void> {
    const body = { version: file.version, key, value };
    try {
      onChange(await request<SettingList>('console/settings', { method: 'POST', body }));
    } catch (error) {
      // The next attempt is then about the file as it is now.
      if (error instanceof ApiError && error.code === 'config_changed') await reload();
      throw error;
    }
    setDone(value === null ? `${key} is taken out of the config file.` : `${key} is saved.`);
    close();
  }

  return (
    <>
      <p>
        An option comes before a variable, and a variable before the config file. Most settings are read at
        the start of the gateway.
      </p>
      <dl class="facts settings-places">
        {places.map(({ name, path, source_name: source }) => (
          <Place key={name} name={name} path={path} source={source} />
        ))}
      </dl>
      {lock !== '' && <Notice kind="info">{lock}</Notice>}
      {settings.some((setting) => setting.needs_restart) && (
        <Notice kind="info">
          The config file has values that hold after a restart: <RestartAdvice file={file} />
        </Notice>
      )}
      <p role="status">{done !== '' && <Badge kind="good">{done}</Badge>}</p>
      <SettingGroups settings={settings} isLocked={lock !== ''} onChange={setChanging} />
      {current !== undefined && (
        <SettingForm setting={current} onClose={close} onSave={(value) => save(current, value)} />
      )}
    </>
  );
}

interface PlaceProps {
  readonly name: string;
  readonly path: string;
  /** The option or variable that it is from; null for the usual place. */
  readonly source: string | null;
}

function Place({ name, path, source }: PlaceProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{path}</code> {source !== null && <Badge kind="good">{source}</Badge>}
      </dd>
    </>
  );
}
