import type { TargetedEvent } from 'preact';
import type { Approval } from '../../../src/sessions/events/shapes.ts';
import { showInvisible } from '../../format/show-invisible.ts';
import { Field } from '../../parts/field.tsx';

/** Something that a person is asked for. */
export interface Question {
  readonly id: string;
  readonly text: string;
  readonly hint: string;
  readonly type: 'boolean' | 'number' | 'text' | 'secret';
  readonly options: readonly { readonly value: string; readonly hint: string }[];
  /** True if another answer than the options can be given. */
  readonly isFree: boolean;
  readonly isOptional: boolean;
}

export type Answers = Readonly<Record<string, boolean | number | string>>;

type Fields = Readonly<Record<string, unknown>>;

/** Returns what a request asks for beside a decision. */
export function readQuestions({ kind, payload }: Approval): Question[] {
  if (kind === 'question' && Array.isArray(payload.questions))
    return (payload.questions as readonly Fields[]).map(readQuestion);
  return kind === 'tool' ? readForm(payload.requestedSchema) : [];
}

function readQuestion({ id, header, question, options, isOther, isSecret }: Fields): Question {
  const choices = Array.isArray(options) ? (options as readonly Fields[]) : [];
  return {
    id: String(id),
    text: textOf(question),
    hint: textOf(header),
    type: isSecret === true ? 'secret' : 'text',
    options: choices.map(({ label, description }) => ({ value: textOf(label), hint: textOf(description) })),
    isFree: isOther === true || choices.length === 0,
    isOptional: false,
  };
}

/** Returns the fields of a form; one that only asks for a confirmation has none. */
function readForm(schema: unknown): Question[] {
  const { properties, required } = (schema ?? {}) as Fields;
  const all = Object.entries((properties ?? {}) as Readonly<Record<string, Fields>>);
  if (all.length === 1 && all[0]![0] === 'confirm') return [];
  const needed = Array.isArray(required) ? (required as readonly unknown[]) : [];
  return all.map(([id, { type, title, description, enum: values }]) => ({
    id,
    text: textOf(title) || id,
    hint: textOf(description),
    type: type === 'boolean' ? 'boolean' : type === 'number' || type === 'integer' ? 'number' : 'text',
    options: Array.isArray(values) ? values.map((value) => ({ value: String(value), hint: '' })) : [],
    isFree: !Array.isArray(values),
    isOptional: type === 'boolean' || !needed.includes(id),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface QuestionFormProps {
  readonly questions: readonly Question[];
  readonly answers: Answers;
  onChange(answers: Answers): void;
}

/** Shows the fields for what the agent, or a tool, asks. */
export function QuestionForm({ questions, answers, onChange }: QuestionFormProps) {
  return (
    <>
      {questions.map((question) => (
        <QuestionField
          key={question.id}
          question={question}
          value={answers[question.id]}
          onChange={(value) => onChange({ ...answers, [question.id]: value })}
        />
      ))}
    </>
  );
}

interface QuestionFieldProps {
  readonly question: Question;
  readonly value: Answers[string] | undefined;
  onChange(value: Answers[string]): void;
}

function QuestionField({ question, value, onChange }: QuestionFieldProps) {
  const { text, hint, options, isFree } = question;
  if (options.length === 0) return <FreeField question={question} value={value} onChange={onChange} />;
  const isOther = value !== undefined && !options.some((option) => option.value === value);
  return (
    <fieldset class="sessions-choice">
      <legend class="field-label">{showInvisible(text)}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={question.id}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <strong>{showInvisible(option.value)}</strong>{' '}
          <span class="muted">{showInvisible(option.hint)}</span>
        </label>
      ))}
      {isFree && (
        <Field label="Another answer" hint={hint}>
          <input
            value={isOther ? String(value) : ''}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        </Field>
      )}
    </fieldset>
  );
}

function FreeField({ question: { text, hint, type }, value, onChange }: QuestionFieldProps) {
  const label = showInvisible(text);
  if (type === 'boolean')
    return (
      <Field label={label} hint={hint}>
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </Field>
    );
  const isNumber = type === 'number';
  const field = {
    value: String(value ?? ''),
    onInput: ({ currentTarget: { value: given } }: TargetedEvent<HTMLInputElement>) =>
      onChange(isNumber ? readNumber(given) : given),
  };
  return (
    <Field label={label} hint={hint}>
      {type === 'secret' ? (
        <input type="password" autocomplete="off" {...field} />
      ) : (
        <input inputMode={isNumber ? 'decimal' : 'text'} {...field} />
      )}
    </Field>
  );
}

/** Returns the number in a text; the text itself, while it is none or one that is still being written. */
function readNumber(text: string): number | string {
  const number = Number(text);
  return String(number) === text ? number : text;
}
