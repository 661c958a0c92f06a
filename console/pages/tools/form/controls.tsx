import { useState } from 'preact/hooks';
import { Field } from '../../../parts/field.tsx';
import { parseJson } from './parse-json.ts';
import { readList, type Schema } from './schema.ts';
import { hintOf, labelOf } from './describe-field.ts';
import type { SchemaFieldProps } from './field-props.ts';

export function FlagField({ name, schema, value, onChange }: SchemaFieldProps) {
  const isOn = value === undefined ? schema.default === true : value === true;
  return (
    <label class="field tools-flag">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />{' '}
      <span class="field-label">{name}</span>
      {schema.description !== undefined && <small class="muted">{schema.description}</small>}
    </label>
  );
}

/** Shows a checkbox for each of several names. */
export function ChoicesField({ name, schema, isRequired, value, onChange }: SchemaFieldProps) {
  const chosen = (value ?? []) as readonly string[];
  const names = (schema.items?.enum ?? []) as readonly string[];
  function toggle(choice: string, isOn: boolean): void {
    const next = names.filter((other) => (other === choice ? isOn : chosen.includes(other)));
    onChange(next.length === 0 ? undefined : next);
  }
  return (
    <fieldset class="tools-group">
      <legend>{labelOf(name, isRequired)}</legend>
      <Hint schema={schema} />
      <div class="row">
        {names.map((choice) => (
          <label key={choice}>
            <input
              type="checkbox"
              checked={chosen.includes(choice)}
              onChange={(event) => toggle(choice, event.currentTarget.checked)}
            />{' '}
            {choice}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Hint({ schema }: { readonly schema: Schema }) {
  const hint = hintOf(schema);
  return hint === undefined ? null : <small class="muted">{hint}</small>;
}

/** Shows a list that is written one a line. */
export function ListField({ name, schema, isRequired, value, pointer, errors, onChange }: SchemaFieldProps) {
  const [text, setText] = useState(Array.isArray(value) ? value.join('\n') : '');
  const problem = errors.find((error) => error.pointer.startsWith(pointer))?.detail;
  return (
    <Field
      label={labelOf(name, isRequired)}
      hint={`${hintOf(schema) ?? ''} One a line.`.trim()}
      problem={problem}
    >
      <textarea
        rows={2}
        value={text}
        required={isRequired}
        onInput={(event) => {
          setText(event.currentTarget.value);
          onChange(readList(event.currentTarget.value, schema));
        }}
      />
    </Field>
  );
}

/** Shows an editor for a value that has no control of its own. */
export function JsonField({ name, schema, isRequired, value, pointer, errors, onChange }: SchemaFieldProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, undefined, 2));
  const parsed = parseJson(text);
  const problem = parsed.problem || errors.find((error) => error.pointer.startsWith(pointer))?.detail;
  return (
    <Field
      label={labelOf(name, isRequired)}
      hint={`${hintOf(schema) ?? ''} As JSON.`.trim()}
      problem={problem}
    >
      <textarea
        class="tools-json"
        rows={4}
        spellcheck={false}
        value={text}
        required={isRequired}
        onInput={(event) => {
          setText(event.currentTarget.value);
          const written = parseJson(event.currentTarget.value);
          // Nothing is sent but what is written.
          event.currentTarget.setCustomValidity(written.problem);
          onChange(written.value);
        }}
      />
    </Field>
  );
}
