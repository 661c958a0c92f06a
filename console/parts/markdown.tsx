import createPurifier from 'dompurify';
import { Marked, type Token } from 'marked';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { CodeBlock } from './code-block.tsx';
import { CodeColors } from './code-colors.tsx';
import './markdown.css';

interface MarkdownProps {
  readonly text: string;
}

/** Tags of HTML that models write within Markdown and that mean no more than they show. */
const HARMLESS_TAG = /^<\/?(?:b|br|em|i|kbd|mark|s|strong|sub|sup|u)\s*\/?>$/i;

const ALLOWED_TAGS =
  'a b blockquote br code del em h3 h4 h5 h6 hr i kbd li mark ol p pre s strong sub sup table tbody td th thead tr u ul'.split(
    ' ',
  );

/** Only whole addresses lead out of an answer: none into the console, and none that runs something. */
const LINK = /^(?:https?|mailto):/i;

const marked = new Marked({
  gfm: true,
  renderer: {
    // HTML is shown as the text that it is.
    html: ({ text, block }) => {
      if (block) return `<p>${escapeHtml(text.trimEnd()).replaceAll('\n', '<br>')}</p>`;
      return HARMLESS_TAG.test(text) ? text : escapeHtml(text);
    },
    // No image is loaded, since its address could carry what was said to another host.
    image: ({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    heading({ tokens, depth }) {
      // The message itself has a heading of the second level.
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

const purifier = createPurifier(window);

purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return;
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
});

/** Shows Markdown that a model has written. Nothing in it runs, loads anything or looks like a part of the console. */
export function Markdown({ text }: MarkdownProps) {
  const tokens = useMemo(() => lex(text), [text]);
  return (
    <div class="markdown">
      {tokens.map((token, index) =>
        token.type === 'code' ? (
          <CodeBlock
            key={index}
            text={token.text}
            shown={<CodeColors text={token.text} language={token.lang ?? ''} />}
            label={token.lang || 'code'}
          />
        ) : (
          <Block key={index} token={token} />
        ),
      )}
    </div>
  );
}

/** Returns the parts of a text; the text itself as one part where it is nested too deeply to be read. */
function lex(text: string): Token[] {
  try {
    return marked.lexer(text);
  } catch {
    return [{ type: 'code', raw: text, text }];
  }
}

/** Shows a paragraph, list, table or the like. It is written anew only if its text changes: earlier ones stay as they are. */
function Block({ token }: { readonly token: Token }) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(token);
  latest.current = token;
  useLayoutEffect(() => {
    const content = render(latest.current);
    for (const wide of content.querySelectorAll('pre, table')) letScroll(wide);
    element.current!.replaceChildren(content);
  }, [token.raw]);
  return <div ref={element} class="markdown-block" />;
}

function render(token: Token): DocumentFragment {
  try {
    return sanitize(marked.parser([token]));
  } catch {
    return sanitize(`<p>${escapeHtml(token.raw)}</p>`);
  }
}

/** Lets what is wider than the page be scrolled, by the keyboard as well. */
function letScroll(wide: Element): void {
  const box = document.createElement('div');
  box.className = 'table-scroll';
  box.tabIndex = 0;
  box.role = 'region';
  box.ariaLabel = wide.tagName === 'PRE' ? 'Code' : 'Table';
  wide.replaceWith(box);
  box.append(wide);
}

function sanitize(html: string): DocumentFragment {
  return purifier.sanitize(html, {
    ALLOWED_TAGS,
    ALLOWED_ATTR: ['href', 'title', 'align', 'start'],
    ALLOWED_URI_REGEXP: LINK,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': 'amp',
    '<': 'lt',
    '>': 'gt',
    '"': 'quot',
    "'": '#39',
  };
  return text.replaceAll(/[&<>"']/g, (sign) => `&${names[sign]};`);
}
