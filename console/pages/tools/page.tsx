import type { ToolList } from '../../../src/console/contract/tools.ts';
import type { PageProps } from '../../app/pages.ts';
import { goTo, linkTo } from '../../app/route.ts';
import { Badge } from '../../parts/badge.tsx';
import { Notice } from '../../parts/notice.tsx';
import { SwitchedOff } from '../../parts/switched-off.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { Audit } from './audit/audit.tsx';
import { ToolTrial } from './tool-trial.tsx';
import './tools.css';

const TABS = [
  { id: 'try', title: 'Try a tool' },
  { id: 'audit', title: 'Audit' },
] as const;

/** Shows the internal tools, tries them, and lists the calls that were made. */
export function Page({ detail }: PageProps) {
  const { value: list, problem } = useLoaded<ToolList>('console/tools');
  if (problem !== '') return <Notice kind="error">{problem}</Notice>;
  if (list === undefined) return <p class="muted">Loading…</p>;
  const tab = detail === 'audit' ? 'audit' : 'try';
  return (
    <Tabs
      label="Tools"
      tabs={TABS}
      current={tab}
      onChange={(id) => goTo('tools', id === 'audit' ? 'audit' : '')}
    >
      {tab === 'audit' ? <Audit /> : <Catalog list={list} name={detail} />}
    </Tabs>
  );
}

function Catalog({ list: { tools, off }, name }: { readonly list: ToolList; readonly name: string }) {
  const missing = off.find((one) => one.name === name);
  const tool = missing === undefined ? (tools.find((one) => one.name === name) ?? tools[0]) : undefined;
  const current = missing ?? tool;
  return (
    <div class="tools">
      <nav class="side-list" aria-label="Tools">
        <ul>
          {tools.map((one) => (
            <ToolLink key={one.name} name={one.name} isCurrent={one === current} />
          ))}
          {off.map((one) => (
            <ToolLink key={one.name} name={one.name} isOff isCurrent={one === current} />
          ))}
        </ul>
      </nav>
      {tool !== undefined && <ToolTrial key={tool.name} tool={tool} />}
      {missing !== undefined && <SwitchedOff>{missing.how}</SwitchedOff>}
    </div>
  );
}

interface ToolLinkProps {
  readonly name: string;
  readonly isOff?: boolean;
  readonly isCurrent: boolean;
}

function ToolLink({ name, isOff = false, isCurrent }: ToolLinkProps) {
  return (
    <li>
      <a href={linkTo('tools', name)} aria-current={isCurrent ? 'true' : undefined}>
        {name} {isOff && <Badge>off</Badge>}
      </a>
    </li>
  );
}
