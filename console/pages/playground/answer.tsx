import { useState } from 'preact/hooks';
import { goTo } from '../../app/route.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CodeColors } from '../../parts/code-colors.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useAction } from '../../parts/use-action.ts';
import { formatDuration } from '../../format/format-time.ts';
import { Facts, Notices } from './answer-facts.tsx';
import { Calls } from './calls.tsx';
import { CodeDialog } from './code-dialog.tsx';
import { findRequest } from './find-request.ts';
import { Remedy } from './remedy.tsx';
import { isRunning, tryAgain } from './state.ts';
import type { AnswerContent, AnswerEntry } from './wire/entries.ts';

interface AnswerProps {
  readonly answer: AnswerEntry;
  /** True for the last entry of the conversation. */
  readonly isLast: boolean;
}

/** Shows an answer of the model, as far as it has come. */
export function Answer({ answer, isLast }: AnswerProps) {
  const isRunning = answer.state === 'running';
  return (
    <article class="playground-answer" aria-busy={isRunning}>
      <h2 class="visually-hidden">Answer</h2>
      {isRunning && isEmpty(answer.content) && <p class="playground-waiting muted">Waiting for the model</p>}
      <Reasoning answer={answer} />
      <AnswerText answer={answer} />
      <Calls answer={answer} />
      <Sources answer={answer} />
      <End answer={answer} />
      {!isRunning && (
        <>
          <Notices facts={answer.facts} />
          <div class="playground-foot">
            <Facts answer={answer} />
            <Actions answer={answer} isLast={isLast} />
          </div>
        </>
      )}
    </article>
  );
}

function isEmpty({ text, reasoning, calls }: AnswerContent): boolean {
  return text === '' && reasoning === '' && calls.length === 0;
}

/** Says why an answer ended before its end. */
function End({ answer: { content, facts, state } }: { readonly answer: AnswerEntry }) {
  const { refusal, error } = content;
  return (
    <>
      {refusal !== '' && <Notice kind="warning">The model refuses: {refusal}</Notice>}
      {error && (
        <Notice kind="error">
          {error.message} {error.code !== '' && <code>{error.code}</code>}
          {facts.requestId !== '' && <Remedy requestId={facts.requestId} />}
        </Notice>
      )}
      {state === 'stopped' && (
        <p>
          <Badge kind="warning">Stopped</Badge>
        </p>
      )}
    </>
  );
}

/** Shows JSON as such, and everything else as Markdown. */
function AnswerText({ answer: { content, request, state } }: { readonly answer: AnswerEntry }) {
  const { text } = content;
  if (text === '') return null;
  const { response_format: format, text: inResponses } = request.body as Record<
    string,
    Record<string, object>
  >;
  const isJson = format !== undefined || inResponses?.format !== undefined;
  if (!isJson) return <Markdown text={text} />;
  const json = state === 'running' ? text : layOut(text);
  return (
    <CodeBlock label="JSON of the answer" text={json} shown={<CodeColors text={json} language="json" />} />
  );
}

/** Returns JSON over several lines, and any other text unchanged. */
function layOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Shows what the model thinks: open until it answers. */
function Reasoning({ answer: { content, facts, state } }: { readonly answer: AnswerEntry }) {
  if (content.reasoning === '') return null;
  const isThinking = state === 'running' && content.text === '' && content.calls.length === 0;
  const time = facts.reasoningMs === undefined ? '' : ` for ${formatDuration(facts.reasoningMs)}`;
  return (
    <details class="playground-reasoning" open={isThinking}>
      <summary>{isThinking ? 'Thinking' : `Thought${time}`}</summary>
      <Markdown text={content.reasoning} />
    </details>
  );
}

function Sources({ answer: { content } }: { readonly answer: AnswerEntry }) {
  const links = content.sources.filter(({ url }) => /^https?:/i.test(url));
  if (links.length === 0) return null;
  return (
    <ul class="playground-sources" aria-label="Sources">
      {links.map(({ url, title }) => (
        <li key={url}>
          <a href={url} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Opens a request in the page that lists them. */
async function openTimeline(requestId: string): Promise<void> {
  const found = await findRequest(requestId);
  if (found === undefined) throw new Error('The gateway no longer holds this request.');
  goTo('requests', `${found.number}`);
}

function Actions({ answer, isLast }: AnswerProps) {
  const [isCodeShown, showCode] = useState(false);
  const timeline = useAction(() => openTimeline(answer.facts.requestId));
  return (
    <>
      <div class="row playground-actions">
        {answer.content.text !== '' && <CopyButton text={answer.content.text} label="Copy the answer" />}
        <Button kind="quiet" label="Code of this request" onClick={() => showCode(true)}>
          Code
        </Button>
        {answer.facts.requestId !== '' && (
          <Button kind="quiet" label="Timeline of this request" onClick={() => void timeline.run()}>
            Timeline
          </Button>
        )}
        {isLast && (
          <Button kind="quiet" disabled={isRunning.value} onClick={tryAgain}>
            Try again
          </Button>
        )}
      </div>
      {timeline.problem !== '' && <Notice kind="warning">{timeline.problem}</Notice>}
      {isCodeShown && (
        <CodeDialog request={answer.request} raw={answer.facts.raw} onClose={() => showCode(false)} />
      )}
    </>
  );
}
