import { useEffect } from 'preact/hooks';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { changeSettings, settings } from './state.ts';

/** A model of `GET /v1/models`. */
interface ListedModel {
  readonly id: string;
  readonly reasoning_efforts: readonly string[];
  readonly default_reasoning_effort?: string;
  readonly input_modalities?: readonly string[];
  readonly is_default: boolean;
}

interface SettingsPanelProps {
  /** True if it shows on a narrow screen as well. */
  readonly isOpen: boolean;
}

/** Shows the settings of the next request. */
export function SettingsPanel({ isOpen }: SettingsPanelProps) {
  const { value, problem } = useLoaded<{ readonly data: readonly ListedModel[] }>('v1/models');
  const models = value?.data ?? [];
  const { model } = settings.value;
  useEffect(() => {
    if (models.length === 0 || models.some(({ id }) => id === model)) return;
    changeSettings({ model: (models.find(({ is_default: isDefault }) => isDefault) ?? models[0]!).id });
  }, [models, model]);
  return (
    <section class={`playground-settings ${isOpen ? 'open' : ''}`} aria-label="Settings of the request">
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      <Field label="Model">
        <select value={model} onChange={(event) => changeSettings({ model: event.currentTarget.value })}>
          {models.map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </Field>
    </section>
  );
}
