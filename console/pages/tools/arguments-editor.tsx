import { useState } from 'preact/hooks';
import type { ConsoleTool } from '../../../src/console/contract/tools.ts';
import type { FieldError } from '../../api/api-error.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { parseArguments } from './form/parse-json.ts';
import { SchemaFields } from './form/schema-field.tsx';
import type { Values } from './form/schema.ts';

interface ArgumentsEditorProps {
  readonly tool: ConsoleTool;
  readonly values: Values;
  readonly errors: readonly FieldError[];
  onChange(values: Values): void;
}

/** The buttons stand for these. */
const CONFIRMING = ['dry_run', 'confirm'];

/** Shows the arguments of a tool as a form, or as JSON. */
export function ArgumentsEditor({ tool, values, errors, onChange }: ArgumentsEditorProps) {
  const [isJson, setIsJson] = useState(false);
  // The controls keep what is being written: others replace them where something else sets the values.
  const [version, setVersion] = useState(0);
  function set(next: Values): void {
    onChange(next);
    setVersion(version + 1);
  }
  const { example, input, has_dry_run: hasDryRun } = tool;
  const without = hasDryRun ? CONFIRMING : [];
  return (
    <>
      <div class="row tools-modes">
        <Button kind="quiet" onClick={() => setIsJson(!isJson)}>
          {isJson ? 'Edit in the form' : 'Edit as JSON'}
        </Button>
        {example !== null && (
          <Button kind="quiet" onClick={() => set(omit(example, without))}>
            Fill in an example
          </Button>
        )}
      </div>
      {isJson ? (
        <JsonEditor key={version} values={values} onChange={onChange} />
      ) : (
        <SchemaFields
          key={version}
          schema={input}
          values={values}
          pointer="#"
          without={without}
          errors={errors}
          onChange={onChange}
        />
      )}
    </>
  );
}

function omit(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

interface JsonEditorProps {
  readonly values: Values;
  onChange(values: Values): void;
}

function JsonEditor({ values, onChange }: JsonEditorProps) {
  const [text, setText] = useState(() => JSON.stringify(values, undefined, 2));
  return (
    <Field label="Arguments as JSON" problem={parseArguments(text).problem}>
      <textarea
        class="tools-json"
        rows={10}
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          const { value, problem } = parseArguments(event.currentTarget.value);
          // Nothing is sent but what is written.
          event.currentTarget.setCustomValidity(problem);
          if (value !== undefined) onChange(value as Values);
        }}
      />
    </Field>
  );
}
