import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, title: string])[];
  onChange(value: Value): void;
}

/** Shows a list to choose from. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Field label={label}>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** Shows a few values side by side, one of them chosen. */
export function Segments<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <fieldset class="playground-segments">
      <legend class="visually-hidden">{label}</legend>
      {options.map(([id, title]) => (
        <label key={id}>
          <input type="radio" name={label} checked={id === value} onChange={() => onChange(id)} />
          <span>{title}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
}

export function Switch({ label, isOn, onChange }: SwitchProps) {
  return (
    <label class="playground-switch">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly text: string;
  readonly problem?: string | undefined;
  /** A text to begin with. */
  readonly example?: string;
  onChange(text: string): void;
}

/** Shows an editor of JSON that says what is wrong with it, and lays it out when it is left. */
export function JsonField(props: JsonFieldProps) {
  const { label, text, example, onChange } = props;
  const [isLarge, setLarge] = useState(false);
  return (
    <>
      <JsonEditor {...props} maxLines={10} />
      {example !== undefined && text === '' && (
        <Button kind="quiet" onClick={() => onChange(example)}>
          Insert an example
        </Button>
      )}
      {text.includes('\n') && (
        <Button kind="quiet" label={`Edit larger: ${label}`} onClick={() => setLarge(true)}>
          Edit larger
        </Button>
      )}
      {isLarge && (
        <Dialog title={label} onClose={() => setLarge(false)}>
          <JsonEditor {...props} label={`${label} as JSON`} maxLines={24} />
          <Button onClick={() => setLarge(false)}>Done</Button>
        </Dialog>
      )}
    </>
  );
}

interface JsonEditorProps extends JsonFieldProps {
  readonly maxLines: number;
}

function JsonEditor({ label, hint, placeholder, text, problem, maxLines, onChange }: JsonEditorProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      <textarea
        class="playground-code"
        rows={Math.min(Math.max(text.split('\n').length, 2), maxLines)}
        wrap="off"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        placeholder={placeholder}
        value={text}
        onInput={(event) => onChange(event.currentTarget.value)}
        onBlur={() => onChange(layOut(text))}
      />
    </Field>
  );
}

/** Returns JSON of one line over several lines, and any other text unchanged. */
function layOut(text: string): string {
  if (text.includes('\n')) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
