import { useEffect } from 'preact/hooks';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { EXAMPLE_SCHEMA, EXAMPLE_TOOLS } from './examples.ts';
import { Choice, JsonField, Segments, Switch } from './setting-fields.tsx';
import { changeSettings, problems, settings } from './state.ts';

/** A model of `GET /v1/models`. */
interface ListedModel {
  readonly id: string;
  readonly reasoning_efforts: readonly string[];
  readonly default_reasoning_effort?: string | null;
  readonly is_default: boolean;
}

/** Efforts of a model that names none of its own. */
const USUAL_EFFORTS = ['low', 'medium', 'high'];

interface SettingsPanelProps {
  /** True if it shows on a narrow screen as well. */
  readonly isOpen: boolean;
}

/** Shows the settings of the next request. */
export function SettingsPanel({ isOpen }: SettingsPanelProps) {
  const { value, problem } = useLoaded<{ readonly data: readonly ListedModel[] }>('v1/models');
  const models = value?.data ?? [];
  const { api, isStreamed, isStrict, instructions } = settings.value;
  return (
    <section class={`playground-settings ${isOpen ? 'open' : ''}`} aria-label="Settings of the request">
      {problem !== '' && <Notice kind="error">{problem}</Notice>}
      <Segments
        label="API"
        value={api}
        options={[
          ['chat', 'Chat completions'],
          ['responses', 'Responses'],
        ]}
        onChange={(api) => changeSettings({ api })}
      />
      <ModelFields models={models} />
      <Field label="Instructions">
        <textarea
          rows={2}
          placeholder="How the model should answer"
          value={instructions}
          onInput={(event) => changeSettings({ instructions: event.currentTarget.value })}
        />
      </Field>
      <FormatFields />
      <ToolFields />
      <Switch
        label="Stream the answer"
        isOn={isStreamed}
        onChange={(isStreamed) => changeSettings({ isStreamed })}
      />
      <Switch
        label="Refuse what would be ignored"
        isOn={isStrict}
        onChange={(isStrict) => changeSettings({ isStrict })}
      />
      <JsonField
        label="More parameters"
        hint="An object that is added to the request"
        placeholder='{"temperature": 0.2}'
        text={settings.value.further}
        problem={problems.value.further}
        onChange={(further) => changeSettings({ further })}
      />
    </section>
  );
}

function ModelFields({ models }: { readonly models: readonly ListedModel[] }) {
  const { model, effort, verbosity } = settings.value;
  const chosen = models.find(({ id }) => id === model);
  const efforts = chosen?.reasoning_efforts.length ? chosen.reasoning_efforts : USUAL_EFFORTS;
  useEffect(() => {
    const [first] = models;
    if (first === undefined || chosen !== undefined) return;
    changeSettings({ model: (models.find(({ is_default: isDefault }) => isDefault) ?? first).id });
  }, [models, chosen]);
  useEffect(() => {
    if (effort !== '' && !efforts.includes(effort)) changeSettings({ effort: '' });
  }, [efforts, effort]);
  const usual = chosen?.default_reasoning_effort;
  return (
    <>
      <Choice
        label="Model"
        value={model}
        options={models.map(({ id }) => [id, id])}
        onChange={(model) => changeSettings({ model })}
      />
      <div class="playground-pair">
        <Choice
          label="Effort"
          value={effort}
          options={[['', usual ? `usual (${usual})` : 'usual'], ...efforts.map((one) => [one, one] as const)]}
          onChange={(effort) => changeSettings({ effort })}
        />
        <Choice
          label="Verbosity"
          value={verbosity}
          options={[['', 'usual'], ...['low', 'medium', 'high'].map((one) => [one, one] as const)]}
          onChange={(verbosity) => changeSettings({ verbosity })}
        />
      </div>
    </>
  );
}

function FormatFields() {
  const { format, schema } = settings.value;
  return (
    <>
      <Choice
        label="Answer as"
        value={format}
        options={[
          ['text', 'text'],
          ['json_schema', 'JSON that follows a schema'],
          ['json_object', 'any JSON object'],
        ]}
        onChange={(format) =>
          changeSettings({
            format,
            ...(format === 'json_schema' && schema === '' && { schema: EXAMPLE_SCHEMA }),
          })
        }
      />
      {format === 'json_schema' && (
        <JsonField
          label="JSON Schema"
          text={schema}
          problem={problems.value.schema}
          onChange={(schema) => changeSettings({ schema })}
        />
      )}
    </>
  );
}

function ToolFields() {
  const { tools, toolChoice } = settings.value;
  return (
    <>
      <JsonField
        label="Tools"
        hint="A list of functions, in the form of either API"
        text={tools}
        example={EXAMPLE_TOOLS}
        problem={problems.value.tools}
        onChange={(tools) => changeSettings({ tools })}
      />
      {tools.trim() !== '' && (
        <Choice
          label="Use of tools"
          value={toolChoice}
          options={[
            ['', 'as the model likes'],
            ['required', 'required'],
            ['none', 'none'],
          ]}
          onChange={(toolChoice) => changeSettings({ toolChoice })}
        />
      )}
    </>
  );
}
