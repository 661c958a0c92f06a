import { formatDuration } from '../../format/format-time.ts';
import { Badge } from '../../parts/badge.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import type { Values } from './form/schema.ts';
import type { EndedCall } from './use-call.ts';

interface ResultProps {
  readonly call: EndedCall;
  readonly output: Values;
}

/** Characters of a text that are shown: a browser would lay out a longer one for seconds. */
const MAX_CHARACTERS = 100_000;

/** Shows what a tool has answered: its long texts as they are, and everything as JSON. */
export function Result({ call: { isDryRun, ms }, output }: ResultProps) {
  const texts = Object.entries(output).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].includes('\n'),
  );
  return (
    <>
      <p class="row">
        <Badge kind="good">{isDryRun ? 'Nothing was changed' : 'Done'}</Badge>
        <span>after {formatDuration(ms)}</span>
      </p>
      {texts.map(([name, text]) => (
        <div key={name}>
          <h3>{name}</h3>
          <pre class="tools-text" tabIndex={0} aria-label={name}>
            {shorten(text)}
          </pre>
        </div>
      ))}
      <h3>Result</h3>
      <CodeBlock text={shorten(JSON.stringify(output, undefined, 2))} label="the result" />
    </>
  );
}

function shorten(text: string): string {
  const left = text.length - MAX_CHARACTERS;
  return left <= 0 ? text : `${text.slice(0, MAX_CHARACTERS)}\n… ${left} more characters`;
}
