import type { FieldError } from '../../../api/api-error.ts';
import { Field } from '../../../parts/field.tsx';
import { ChoicesField, FlagField, JsonField, ListField } from './controls.tsx';
import type { SchemaFieldProps } from './field-props.ts';
import { hintOf, labelOf } from './describe-field.ts';
import { controlOf, readNumber, withoutNull, withValue, type Schema, type Values } from './schema.ts';

/** Shows the control for one value. */
function SchemaField({ schema: given, ...props }: SchemaFieldProps) {
  const schema = withoutNull(given);
  const all = { ...props, schema };
  switch (controlOf(schema)) {
    case 'flag':
      return <FlagField {...all} />;
    case 'choices':
      return <ChoicesField {...all} />;
    case 'list':
      return <ListField {...all} />;
    case 'group':
      return <GroupField {...all} />;
    case 'json':
      return <JsonField {...all} />;
    default:
      return <PlainField {...all} />;
  }
}

interface SchemaFieldsProps {
  readonly schema: Schema;
  readonly values: Values;
  readonly pointer: string;
  /** Names of values that are shown elsewhere. */
  readonly without?: readonly string[];
  readonly errors: readonly FieldError[];
  onChange(values: Values): void;
}

/** Shows the controls for all values of an object. */
export function SchemaFields(props: SchemaFieldsProps) {
  const { schema, values, pointer, without = [], errors, onChange } = props;
  const names = Object.entries(schema.properties ?? {}).filter(([name]) => !without.includes(name));
  return (
    <>
      {names.map(([name, part]) => (
        <SchemaField
          key={name}
          name={name}
          schema={part}
          isRequired={schema.required?.includes(name) ?? false}
          value={values[name]}
          pointer={`${pointer}/${name}`}
          errors={errors}
          onChange={(value) => onChange(withValue(values, name, value))}
        />
      ))}
    </>
  );
}

function GroupField({ name, schema, value, pointer, errors, onChange }: SchemaFieldProps) {
  const values = (value ?? {}) as Values;
  const change = (next: Values) => onChange(Object.keys(next).length === 0 ? undefined : next);
  return (
    <fieldset class="tools-group">
      <legend>{name}</legend>
      {schema.description !== undefined && <small class="muted">{schema.description}</small>}
      <SchemaFields schema={schema} values={values} pointer={pointer} errors={errors} onChange={change} />
    </fieldset>
  );
}

function PlainField({ name, schema, isRequired, value, pointer, errors, onChange }: SchemaFieldProps) {
  const problem = errors.find((error) => error.pointer === pointer)?.detail;
  return (
    <Field label={labelOf(name, isRequired)} hint={hintOf(schema)} problem={problem}>
      <PlainInput schema={schema} value={value} isRequired={isRequired} onChange={onChange} />
    </Field>
  );
}

type PlainInputProps = Pick<SchemaFieldProps, 'schema' | 'value' | 'isRequired' | 'onChange'>;

function PlainInput({ schema, value, isRequired, onChange }: PlainInputProps) {
  const text = value === undefined ? '' : textOf(value);
  const change = (next: string) => onChange(next === '' ? undefined : next);
  switch (controlOf(schema)) {
    case 'choice':
      return (
        <select value={text} required={isRequired} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">
            {schema.default === undefined ? 'none' : `${textOf(schema.default)} (default)`}
          </option>
          {schema.enum!.map((choice) => (
            <option key={choice} value={String(choice)}>
              {String(choice)}
            </option>
          ))}
        </select>
      );
    case 'number':
      return (
        <input
          inputMode="numeric"
          value={text}
          required={isRequired}
          onInput={(event) => onChange(readNumber(event.currentTarget.value))}
        />
      );
    case 'line':
      return (
        <input value={text} required={isRequired} onInput={(event) => change(event.currentTarget.value)} />
      );
    case 'document':
      return (
        <textarea
          class="tools-json"
          rows={12}
          spellcheck={false}
          value={text}
          required={isRequired}
          onInput={(event) => change(event.currentTarget.value)}
        />
      );
    default:
      return (
        <textarea
          rows={3}
          value={text}
          required={isRequired}
          onInput={(event) => change(event.currentTarget.value)}
        />
      );
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
