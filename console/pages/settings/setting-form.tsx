import { useState } from 'preact/hooks';
import type { ShownSetting } from '../../../src/console/contract/settings.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { Meaning } from './meaning.tsx';
import { describeNewer, formatDefault, formatSetting, readInput, writeInput } from './setting-values.ts';
import { FormEnd } from '../../parts/form-end.tsx';

interface SettingFormProps {
  readonly setting: ShownSetting;
  /** Writes the value; null takes the setting out of the file. */
  onSave(value: unknown): Promise<void>;
  onClose(): void;
}

/** Asks for the value of a setting in the config file. */
export function SettingForm({ setting, onSave, onClose }: SettingFormProps) {
  const { key, kind, value, is_in_file: isInFile, file_value: given } = setting;
  const [begun] = useState(setting);
  const newer = describeNewer(begun, setting);
  const [text, setText] = useState(() => writeInput(kind, isInFile ? given : value));
  const save = useAction(async () => await onSave(readInput(kind, text)));
  const remove = useAction(async () => await onSave(null));
  const problem = save.problem || remove.problem;
  const isOverridden = setting.source === 'flag' || setting.source === 'environment';
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    void save.run();
  }
  return (
    <Dialog title={`Change ${key}`} onClose={onClose}>
      <p>
        <Meaning text={setting.meaning} />
      </p>
      {isOverridden && (
        <Notice kind="info">
          {setting.source_name} comes before the config file, also after a restart with it.
        </Notice>
      )}
      <form onSubmit={submit}>
        <Field label={HINTS[kind] ?? 'Value'} hint={`Default: ${formatDefault(setting)}.`}>
          <Input setting={setting} text={text} onChange={setText} />
        </Field>
        {newer !== '' && <Notice kind="warning">{newer}</Notice>}
        {problem !== '' && <Notice kind="error">{problem}</Notice>}
        <FormEnd onCancel={onClose}>
          {isInFile && (
            <Button kind="danger" busy={remove.busy} onClick={() => void remove.run()}>
              Take it out of the file
            </Button>
          )}
          <Button type="submit" busy={save.busy}>
            Save
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  );
}

const HINTS: Readonly<Partial<Record<ShownSetting['kind'], string>>> = {
  list: 'Values, one in a line',
  json: 'Value, as JSON',
};

interface InputProps {
  readonly setting: ShownSetting;
  readonly text: string;
  onChange(text: string): void;
}

function Input({ setting: { kind, choices }, text, onChange }: InputProps) {
  if (kind === 'choice' || kind === 'switch') {
    const values = kind === 'choice' ? choices : ['true', 'false'];
    return (
      <select value={text} required onChange={(event) => onChange(event.currentTarget.value)}>
        {text === '' && <option value="">none</option>}
        {values.map((value) => (
          <option key={value} value={value}>
            {kind === 'choice' ? value : formatSetting(value === 'true')}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'list' || kind === 'json') {
    return (
      <textarea
        rows={6}
        class="settings-text"
        spellcheck={false}
        value={text}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <input
      value={text}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      autocomplete="off"
      spellcheck={false}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}
