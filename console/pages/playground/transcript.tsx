import { Answer } from './answer.tsx';
import { entries } from './state.ts';

/** Shows the conversation. */
export function Transcript() {
  return (
    <div class="playground-transcript">
      {entries.value.map((entry) =>
        entry.kind === 'answer' ? (
          <Answer key={entry.id} answer={entry} />
        ) : (
          <article key={entry.id} class="playground-prompt">
            <h2 class="visually-hidden">You</h2>
            <p>{entry.text}</p>
          </article>
        ),
      )}
    </div>
  );
}
