import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Field } from '../../parts/field.tsx';
import { focusResult, focusMessage } from './focus-message.ts';
import { giveResults } from './state.ts';
import { awaitsResults, type AnswerEntry, type ModelCall } from './wire/entries.ts';

/** Shows the calls of an answer, and takes their results, which a person writes. */
export function Calls({ answer }: { readonly answer: AnswerEntry }) {
  const { calls } = answer.content;
  const [written, write] = useState<Readonly<Record<string, string>>>({});
  const form = useRef<HTMLFormElement>(null);
  const isWaiting = awaitsResults(answer);
  useEffect(() => {
    if (isWaiting) focusResult(form.current);
  }, [isWaiting]);
  if (calls.length === 0) return null;
  return (
    <form
      ref={form}
      class="playground-calls"
      aria-label="Calls of tools"
      onSubmit={(event) => {
        event.preventDefault();
        giveResults(Object.fromEntries(calls.map(({ id }) => [id, written[id] ?? ''])));
        focusMessage();
      }}
    >
      {calls.map((call) => (
        <section key={call.id} class="playground-call" aria-label={`Call of ${call.name}`}>
          <p class="playground-call-name">
            <span class="muted">calls</span> <code>{call.name}</code>
          </p>
          <CodeBlock label={`Arguments of ${call.name}`} text={layOutInput(call)} />
          {isWaiting && (
            <Field label={`Result of ${call.name}`}>
              <textarea
                rows={2}
                class="playground-code"
                spellcheck={false}
                placeholder={'What your program would return, such as {"celsius": 21}'}
                value={written[call.id] ?? ''}
                onInput={(event) => write({ ...written, [call.id]: event.currentTarget.value })}
              />
            </Field>
          )}
          {answer.results && (
            <>
              <p class="playground-call-name muted">and got from you</p>
              <CodeBlock label={`Result of ${call.name}`} text={answer.results[call.id] ?? ''} />
            </>
          )}
        </section>
      ))}
      {isWaiting && (
        <Button type="submit">{calls.length === 1 ? 'Send the result' : 'Send the results'}</Button>
      )}
    </form>
  );
}

function layOutInput({ input, isCustom }: ModelCall): string {
  if (isCustom) return input;
  try {
    return JSON.stringify(JSON.parse(input), undefined, 2);
  } catch {
    return input;
  }
}
