import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { RequestDetail as Detail, RequestRow } from '../../../src/console/contract/requests.ts';
import { formatCount } from '../../format/format-number.ts';
import { formatExact } from '../../format/format-time.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { Words } from '../../parts/words.tsx';
import { Timeline } from './timeline.tsx';

interface RequestDetailProps {
  readonly number: number;
  /** The request as the list has it, which hears of its end. */
  readonly row?: RequestRow | undefined;
}

/** Shows all that is known of a request: why it failed and what to do, its timeline and its facts. */
export function RequestDetail({ number, row }: RequestDetailProps) {
  const { value: detail, problem, reload } = useLoaded<Detail>(`console/requests/${number}`);
  useEffect(() => {
    // The list has heard of an end, or of a later one of a response in the background.
    if (detail !== undefined && (row?.total_ms ?? -1) > (detail.total_ms ?? -1)) void reload();
  }, [row, detail, reload]);
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (detail === undefined) return <p class="muted">Loading…</p>;
  return (
    <>
      {detail.error !== null && <Failure error={detail.error} />}
      <Timeline detail={detail} />
      {detail.bodies !== null && <Bodies bodies={detail.bodies} />}
      <dl class="facts">
        {factsOf(detail).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </>
  );
}

/** Shows what was sent and answered; it is long, so each opens by itself. */
function Bodies({ bodies: { request, answer } }: { readonly bodies: NonNullable<Detail['bodies']> }) {
  return (
    <>
      {[
        { title: 'Body of the request', ...request },
        { title: 'Body of the answer', ...answer },
      ].map(
        ({ title, text, is_cut: isCut }) =>
          text !== '' && (
            <details key={title} class="requests-body">
              <summary>{isCut ? `${title}, the beginning` : title}</summary>
              <CodeBlock text={text} label={title} />
            </details>
          ),
      )}
    </>
  );
}

function Failure({ error }: { readonly error: NonNullable<Detail['error']> }) {
  const { code, message, remedy, is_own: isOwn } = error;
  return (
    <div class={`notice ${code === 'client_gone' ? 'warning' : 'error'}`}>
      <p>
        <Words text={message} />
        {isOwn && ' This is a fault of the gateway, not of the client.'}
      </p>
      {remedy !== null && (
        <p>
          <b>What to do:</b> <Words text={remedy} />
        </p>
      )}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** Returns the facts that a request has, with their names. */
function factsOf(detail: Detail): [name: string, value: string][] {
  const { error, tokens, ignored, adjusted } = detail;
  const facts: [string, string | null][] = [
    ['Arrived', formatExact(detail.time)],
    ['Request', `${detail.method} ${detail.path}`],
    ['Request id', detail.id],
    ['Response id', detail.response],
    ['Asked for', detail.asked_model === detail.model ? null : detail.asked_model],
    ['Model', detail.model],
    ['Effort', detail.effort],
    ['Key', detail.key],
    ['Client', detail.client],
    ['Address', detail.address],
    ['Answer', describeAnswer(detail)],
    ['Tokens', tokens && describeTokens(tokens)],
    ['Error code', error && error.code],
    ['Field', error && error.param],
    ['Had no effect', ignored.map(nameField).join(', ')],
    ['Adjusted', adjusted.map(nameField).join(', ')],
    ...(error?.facts ?? []).map(({ name, value }): [string, string] => [name, value]),
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}

/** Returns the path of a field in words, if the gateway does not keep a name that the caller has made up. */
function nameField(path: string): string {
  return path === '*' ? 'a field that the API does not have' : path;
}

function describeAnswer({ stream, background, continued }: Detail): string {
  const kinds = [
    stream === true && 'streamed',
    stream === false && 'in one piece',
    background && 'in the background',
    continued && 'continues an earlier request in Codex',
  ];
  return kinds.filter((kind) => kind !== false).join(', ');
}

function describeTokens({
  input,
  cached,
  output,
  reasoning,
  estimated,
}: NonNullable<Detail['tokens']>): string {
  const from = cached > 0 ? ` (${formatCount(cached)} cached)` : '';
  const spent = reasoning > 0 ? ` (${formatCount(reasoning)} reasoning)` : '';
  const how = estimated ? ', estimated' : '';
  return `${formatCount(input)} in${from}, ${formatCount(output)} out${spent}${how}`;
}
