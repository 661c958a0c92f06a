import { Markdown } from '../../parts/markdown.tsx';
import { Notice } from '../../parts/notice.tsx';
import type { AnswerEntry } from './wire/entries.ts';

/** Shows an answer of the model, as far as it has come. */
export function Answer({ answer }: { readonly answer: AnswerEntry }) {
  const { content, state } = answer;
  return (
    <article class="playground-answer" aria-busy={state === 'running'}>
      <h2 class="visually-hidden">Answer</h2>
      <Markdown text={content.text} />
      {content.error && <Notice kind="error">{content.error.message}</Notice>}
    </article>
  );
}
