import { useId, useState } from 'preact/hooks';
import type { ConsoleModel, ModelEntry } from '../../../src/console/contract/models.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { describeNewerEntry, EMPTY_ENTRY, findTargets, offer, readModelForm } from './model-form-values.ts';
import { FormEnd } from '../../parts/form-end.tsx';

interface ModelFormProps {
  /** The entry that is changed; undefined for a new one. */
  readonly entry?: ModelEntry | undefined;
  /** The same entry as the config file has it now; undefined if it is there no longer, or not yet. */
  readonly latest?: ModelEntry | undefined;
  readonly models: readonly ConsoleModel[];
  onSave(entry: ModelEntry): Promise<void>;
  onClose(): void;
}

/** Asks for an alias or a preset. */
export function ModelForm({ entry, latest, models, onSave, onClose }: ModelFormProps) {
  const given = entry ?? EMPTY_ENTRY;
  const { id, model, system } = given;
  const newer = entry === undefined ? '' : describeNewerEntry(entry, latest);
  const [target, setTarget] = useState(model ?? id);
  const save = useAction(onSave);
  const known = models.find((one) => one.id === target);
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    void save.run(readModelForm(new FormData(event.currentTarget as HTMLFormElement)));
  }
  return (
    <Dialog title={entry === undefined ? 'Add a model' : `Change ${id}`} onClose={onClose}>
      <form onSubmit={submit}>
        <Field label="Id" hint="The id that clients send. * serves every id that nothing else matches.">
          <input name="id" required defaultValue={id} autocomplete="off" spellcheck={false} autofocus />
        </Field>
        <TargetField target={target} models={models} onChange={setTarget} />
        <div class="form-grid">
          <EffortField current={given.reasoning_effort} known={known} />
          <OtherChoices given={given} known={known} />
        </div>
        <Field label="System" hint="A developer message that is placed before each conversation.">
          <textarea name="system" rows={4} defaultValue={system ?? ''} />
        </Field>
        {newer !== '' && <Notice kind="warning">{newer}</Notice>}
        {save.problem !== '' && <Notice kind="error">{save.problem}</Notice>}
        <FormEnd onCancel={onClose}>
          <Button type="submit" busy={save.busy}>
            Save
          </Button>
        </FormEnd>
      </form>
    </Dialog>
  );
}

interface TargetFieldProps {
  readonly target: string;
  readonly models: readonly ConsoleModel[];
  onChange(target: string): void;
}

function TargetField({ target, models, onChange }: TargetFieldProps) {
  const list = useId();
  return (
    <>
      <Field label="Model" hint="The model that answers; the one with the id itself if this is empty.">
        <input
          name="model"
          list={list}
          defaultValue={target}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange(event.currentTarget.value.trim())}
        />
      </Field>
      <datalist id={list}>
        {findTargets(models).map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </datalist>
    </>
  );
}

interface EffortFieldProps {
  readonly current: string | null;
  /** The model that is to answer; undefined if it is in no list. */
  readonly known: ConsoleModel | undefined;
}

function EffortField({ current, known }: EffortFieldProps) {
  const efforts = known?.reasoning_efforts ?? null;
  if (efforts !== null) {
    const values = offer(efforts, current);
    return <Choice name="reasoning_effort" label="Reasoning effort" values={values} current={current} />;
  }
  return (
    <Field label="Reasoning effort">
      <input name="reasoning_effort" defaultValue={current ?? ''} autocomplete="off" spellcheck={false} />
    </Field>
  );
}

const TIERS = ['flex', 'priority'];

interface OtherChoicesProps {
  readonly given: ModelEntry;
  readonly known: ConsoleModel | undefined;
}

function OtherChoices({ given: { verbosity, service_tier: tier }, known }: OtherChoicesProps) {
  const tiers = known?.service_tiers?.filter((one) => TIERS.includes(one)) ?? TIERS;
  return (
    <>
      <Choice
        name="verbosity"
        label="Verbosity"
        values={offer(['low', 'medium', 'high'], verbosity)}
        current={verbosity}
      />
      <Choice name="service_tier" label="Service tier" values={offer(tiers, tier)} current={tier} />
    </>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly current: string | null;
}

function Choice({ name, label, values, current }: ChoiceProps) {
  return (
    <Field label={label}>
      <select name={name}>
        <option value="">as without this entry</option>
        {values.map((value) => (
          <option key={value} value={value} selected={value === current}>
            {value}
          </option>
        ))}
      </select>
    </Field>
  );
}
