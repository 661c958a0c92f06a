import { useState } from 'preact/hooks';
import type { ShownSetting } from '../../../src/console/contract/settings.ts';
import { Field } from '../../parts/field.tsx';
import { SettingRow } from './setting-row.tsx';
import { filterSettings } from './setting-values.ts';

interface SettingGroupsProps {
  readonly settings: readonly ShownSetting[];
  /** True if the config file cannot be changed. */
  readonly isLocked: boolean;
  onChange(setting: ShownSetting): void;
}

/** Shows settings under their headings, with a search. */
export function SettingGroups({ settings, isLocked, onChange }: SettingGroupsProps) {
  const [search, setSearch] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const found = filterSettings(settings, search, onlyChanged);
  const groups = [...Map.groupBy(found, ({ group }) => group)];
  return (
    <>
      <search class="toolbar">
        <div class="settings-search">
          <Field label="Search">
            <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
          </Field>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.currentTarget.checked)}
          />
          Only those that are not the default
        </label>
      </search>
      <p class="muted" role="status">
        {found.length === settings.length
          ? `${found.length} settings`
          : `${found.length} of ${settings.length} settings`}
      </p>
      {groups.map(([group, members]) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          <ul class="settings-list">
            {members.map((setting) => (
              <SettingRow key={setting.key} setting={setting} isLocked={isLocked} onChange={onChange} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
