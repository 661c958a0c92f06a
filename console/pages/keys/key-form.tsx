import { useState } from 'preact/hooks';
import type { NewKey } from '../../../src/console/contract/tokens.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { ENDS, readKeyForm } from './read-key-form.ts';
import { ScopeChoices } from './scope-choices.tsx';
import { FormEnd } from '../../parts/form-end.tsx';

interface KeyFormProps {
  readonly grantable: readonly string[];
  onSubmit(given: NewKey): Promise<void>;
  onCancel(): void;
}

/** Asks for the name of a new key and for what it may do. */
export function KeyForm({ grantable, onSubmit, onCancel }: KeyFormProps) {
  const [end, setEnd] = useState<string>(ENDS[0].id);
  const add = useAction(onSubmit);
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    void add.run(readKeyForm(new FormData(event.currentTarget as HTMLFormElement), Date.now()));
  }
  return (
    <form onSubmit={submit}>
      <Field label="Name" hint="Letters, digits, dots, underscores and hyphens.">
        <input name="name" required maxLength={64} pattern="[A-Za-z0-9._\-]+" autocomplete="off" autofocus />
      </Field>
      <ScopeChoices grantable={grantable} />
      <Field label="Ends">
        <select name="end" value={end} onChange={(event) => setEnd(event.currentTarget.value)}>
          {ENDS.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </Field>
      {end === 'date' && (
        <Field label="Ends on">
          <input name="date" type="datetime-local" required />
        </Field>
      )}
      <fieldset class="keys-choices">
        <legend>Limits</legend>
        <div class="keys-limits">
          <LimitField name="turns" label="Turns at once" />
          <LimitField name="requests" label="Requests a minute" />
          <LimitField name="tokens" label="Tokens a day" />
        </div>
        <small class="muted">Leave one empty for no limit.</small>
      </fieldset>
      {add.problem !== '' && <Notice kind="error">{add.problem}</Notice>}
      <FormEnd onCancel={onCancel}>
        <Button type="submit" busy={add.busy}>
          Add the key
        </Button>
      </FormEnd>
    </form>
  );
}

function LimitField({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <Field label={label}>
      <input name={name} type="number" inputMode="numeric" min={1} step={1} max={Number.MAX_SAFE_INTEGER} />
    </Field>
  );
}
