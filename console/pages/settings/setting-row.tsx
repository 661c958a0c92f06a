import type { ShownSetting } from '../../../src/console/contract/settings.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Meaning } from './meaning.tsx';
import { formatSetting } from './setting-values.ts';

interface SettingRowProps {
  readonly setting: ShownSetting;
  /** True if the config file cannot be changed. */
  readonly isLocked: boolean;
  onChange(setting: ShownSetting): void;
}

/** Shows a setting: the value in force, where it is from, and what it means. */
export function SettingRow({ setting, isLocked, onChange }: SettingRowProps) {
  const { key, lock } = setting;
  return (
    <li class="settings-row">
      <div class="settings-head">
        <span class="row">
          <code class="settings-key">{key}</code>
          <Source setting={setting} />
        </span>
        {!isLocked && lock === null && (
          <Button kind="quiet" label={`Change ${key}`} onClick={() => onChange(setting)}>
            Change
          </Button>
        )}
      </div>
      <div class="settings-value">
        <Value setting={setting} />
      </div>
      <FileNote setting={setting} />
      <p class="muted settings-meaning">
        <Meaning text={setting.meaning} />
        {lock !== null && !isLocked && <> {lock}</>}
      </p>
    </li>
  );
}

function Value({ setting }: Pick<SettingRowProps, 'setting'>) {
  const { is_secret: isSecret, is_set: isSet, value, default_text: usual } = setting;
  if (isSecret) return <span class="muted">{isSet ? 'set, and not shown' : 'not set'}</span>;
  if (!isSet)
    return (
      <span class="muted">
        <Meaning text={usual} />
      </span>
    );
  return <>{formatSetting(value)}</>;
}

function Source({ setting }: Pick<SettingRowProps, 'setting'>) {
  const { key, source, source_name: name } = setting;
  if (source === 'default' && key === 'token') return <Badge>made by the gateway</Badge>;
  if (source === 'default') return <Badge>default</Badge>;
  return <Badge kind="good">{source === 'file' ? 'config file' : name}</Badge>;
}

/** Says what the config file has if that is not in force. */
function FileNote({ setting }: Pick<SettingRowProps, 'setting'>) {
  const { needs_restart: needsRestart, is_in_file: isInFile, is_secret: isSecret } = setting;
  const given = isSecret ? 'another value' : formatSetting(setting.file_value);
  if (needsRestart) {
    return (
      <p>
        <Badge kind="warning">after a restart</Badge> {isInFile ? given : 'the default'}
      </p>
    );
  }
  if (!isInFile || setting.source_name === null) return null;
  return (
    <p class="muted">
      The config file says {given}; {setting.source_name} comes before it.
    </p>
  );
}
