import { Badge } from '../../parts/badge.tsx';
import { formatCount } from '../../format/format-number.ts';
import { formatDuration } from '../../format/format-time.ts';
import type { AnswerEntry, AnswerFacts, TokenUsage } from './wire/entries.ts';

/** Ends of an answer that need no word. */
const USUAL_ENDS = ['', 'stop', 'completed', 'tool_calls'];

/** Shows what an answer took. */
export function Facts({ answer: { content, facts } }: { readonly answer: AnswerEntry }) {
  const { usage, model, finish } = content;
  return (
    <ul class="playground-facts muted" aria-label="Facts about the answer">
      {model !== '' && <li>{model}</li>}
      {facts.firstTokenMs !== undefined && <li>first token {formatDuration(facts.firstTokenMs)}</li>}
      {facts.totalMs !== undefined && <li>total {formatDuration(facts.totalMs)}</li>}
      {usage && <li>{describeUsage(usage)}</li>}
      {usage && <Speed facts={facts} usage={usage} />}
      {!USUAL_ENDS.includes(finish) && <li>ended by {finish}</li>}
    </ul>
  );
}

function describeUsage({ input, cached, output, reasoning, isEstimated }: TokenUsage): string {
  const ofInput = cached > 0 ? ` (${formatCount(cached)} cached)` : '';
  const ofOutput = reasoning > 0 ? ` (${formatCount(reasoning)} reasoning)` : '';
  const counts = `${formatCount(input)} tokens in${ofInput}, ${formatCount(output)} out${ofOutput}`;
  return isEstimated ? `${counts}, estimated` : counts;
}

/** Shows tokens a second, once there was time enough to measure. */
function Speed({ facts, usage }: { readonly facts: AnswerFacts; readonly usage: TokenUsage }) {
  const ms = (facts.totalMs ?? 0) - (facts.firstTokenMs ?? 0);
  if (ms < 500) return null;
  return <li>{Math.round((usage.output * 1000) / ms)} tokens a second</li>;
}

/** Shows what of a request was left out or done differently. */
export function Notices({ facts: { ignored, adjusted } }: { readonly facts: AnswerFacts }) {
  if (ignored.length + adjusted.length === 0) return null;
  return (
    <ul class="playground-notices" aria-label="Changes to the request">
      {ignored.map((field) => (
        <li key={field}>
          <Badge kind="warning">ignored</Badge> <code>{field}</code>
        </li>
      ))}
      {adjusted.map(({ field, from, to }) => (
        <li key={field}>
          <Badge kind="warning">adjusted</Badge> <code>{field}</code>
          {to !== '' && (
            <>
              : <code>{from}</code> became <code>{to}</code>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
