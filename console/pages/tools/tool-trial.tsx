import { useState } from 'preact/hooks';
import type { ConsoleTool } from '../../../src/console/contract/tools.ts';
import { mayChange } from '../../app/session.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ArgumentsEditor } from './arguments-editor.tsx';
import { ConfirmCall } from './confirm-call.tsx';
import type { Values } from './form/schema.ts';
import { needsQuestion } from './needs-question.ts';
import { Result } from './result.tsx';
import { useCall, type Call, type EndedCall } from './use-call.ts';

/** Shows a form for the arguments of a tool, calls it, and shows the result. */
export function ToolTrial({ tool }: { readonly tool: ConsoleTool }) {
  const [values, setValues] = useState<Values>({});
  const [isAsking, setIsAsking] = useState(false);
  const call = useCall(tool);
  const { isRunning, ended } = call;
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    if (needsQuestion(tool)) setIsAsking(true);
    else void call.run(values, false);
  }
  return (
    <section class="tools-trial" aria-labelledby="tools-title">
      <h2 id="tools-title">
        {tool.title} <Badge>{tool.is_read_only ? 'reads only' : 'can change something'}</Badge>
      </h2>
      <p>{tool.description}</p>
      <form onSubmit={submit}>
        <ArgumentsEditor tool={tool} values={values} errors={ended?.fields ?? []} onChange={setValues} />
        <CallButtons tool={tool} values={values} call={call} onAsk={() => setIsAsking(true)} />
      </form>
      <div role="status" class="tools-result">
        {isRunning && <p class="muted">Running…</p>}
        {ended?.output !== undefined && <Result call={ended} output={ended.output} />}
      </div>
      <Problem ended={ended} />
      {isAsking && (
        <ConfirmCall
          tool={tool}
          values={values}
          onConfirm={() => {
            setIsAsking(false);
            void call.run(values, true);
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </section>
  );
}

function Problem({ ended }: { readonly ended: EndedCall | undefined }) {
  if (ended === undefined || ended.problem === '') return null;
  return <Notice kind="error">{ended.problem}</Notice>;
}

interface CallButtonsProps {
  readonly tool: ConsoleTool;
  readonly values: Values;
  readonly call: Call;
  /** Asks if the call shall be made for real. */
  onAsk(): void;
}

function CallButtons({ tool, values, call: { isRunning, ended, stop }, onAsk }: CallButtonsProps) {
  return (
    <div class="row">
      <Button type="submit" busy={isRunning} disabled={!mayChange()}>
        {tool.has_dry_run ? 'Show what it would do' : needsQuestion(tool) ? 'Call it…' : 'Call it'}
      </Button>
      {isRunning && (
        <Button kind="quiet" onClick={stop}>
          Stop
        </Button>
      )}
      {wasShown(ended, values) && (
        <Button kind="danger" onClick={onAsk}>
          Do it for real…
        </Button>
      )}
      {!mayChange() && <span class="muted">This browser is signed in to look only.</span>}
    </div>
  );
}

/** Returns true if a dry run has shown what a call with these arguments would do. */
function wasShown(ended: EndedCall | undefined, values: Values): boolean {
  return (
    ended !== undefined &&
    ended.isDryRun &&
    ended.output !== undefined &&
    ended.arguments === JSON.stringify(values)
  );
}
