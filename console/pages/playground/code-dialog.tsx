import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { CodeColors } from '../../parts/code-colors.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { shortenData } from './snippets/shorten-data.ts';
import { TOKEN_LINE, writeBody, writeCurl, writeNode, writePython } from './snippets/write-snippets.ts';
import type { PlaygroundRequest } from './wire/entries.ts';

interface CodeDialogProps {
  readonly request: PlaygroundRequest;
  /** The answer as it came, if there is one. */
  readonly raw?: readonly string[];
  onClose(): void;
}

const WRITERS = { curl: writeCurl, python: writePython, node: writeNode } as const;

const TABS = [
  { id: 'curl', title: 'curl' },
  { id: 'python', title: 'Python' },
  { id: 'node', title: 'Node' },
  { id: 'body', title: 'Request' },
] as const;

const RAW_TAB = { id: 'raw', title: 'Answer' } as const;

/** Names of the languages for their colors. */
const LANGUAGES = { curl: 'bash', python: 'python', node: 'javascript', body: 'json', raw: 'json' } as const;

const NO_LINES: readonly string[] = [];

type TabId = (typeof TABS)[number]['id'] | 'raw';

/** Shows a request as code that asks the same, and its answer as it came. */
export function CodeDialog({ request, raw = NO_LINES, onClose }: CodeDialogProps) {
  const [current, setCurrent] = useState<TabId>('curl');
  const tabs: readonly { readonly id: TabId; readonly title: string }[] =
    raw.length > 0 ? [...TABS, RAW_TAB] : TABS;
  const text = textOf(current, request, raw);
  const shown = shortenData(text);
  const isProgram = current in WRITERS;
  return (
    <Dialog title="The same request as code" onClose={onClose}>
      <div class="playground-dialog">
        <Tabs label="Language" tabs={tabs} current={current} onChange={(id) => setCurrent(id)}>
          {isProgram && (
            <>
              <p class="muted">Once in your terminal, or with a key of the page Keys:</p>
              <CodeBlock label="the line that sets the key" text={TOKEN_LINE} />
            </>
          )}
          <CodeBlock
            label={`the code for ${current}`}
            text={text}
            shown={<CodeColors text={shown} language={LANGUAGES[current]} />}
          />
          {shown !== text && <p class="muted">Images are cut short here, and copied complete.</p>}
        </Tabs>
        <Button kind="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

function textOf(id: TabId, request: PlaygroundRequest, raw: readonly string[]): string {
  if (id === 'raw') return raw.join('\n');
  if (id === 'body') return writeBody(request.body);
  return WRITERS[id](request, new URL('.', location.href).href);
}
