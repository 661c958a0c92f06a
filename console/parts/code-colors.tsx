import type hljs from 'highlight.js/lib/common';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import './code-colors.css';

type Highlighter = typeof hljs;

/** Characters of code that are colored; longer code would slow the page. */
const MAX_LENGTH = 20_000;

let highlighter: Highlighter | undefined;

/** Shows code in colors once they are loaded. They are added by elements, never by HTML. */
export function CodeColors({ text, language }: { readonly text: string; readonly language: string }) {
  const [loaded, setLoaded] = useState(highlighter);
  useEffect(() => {
    if (loaded !== undefined) return;
    void import('highlight.js/lib/common').then(({ default: found }) => {
      highlighter = found;
      setLoaded(() => found);
    });
  }, [loaded]);
  const colored = useMemo(
    () =>
      loaded?.getLanguage(language) === undefined || text.length > MAX_LENGTH
        ? text
        : toElements(loaded.highlight(text, { language, ignoreIllegals: true }).value),
    [loaded, text, language],
  );
  return <>{colored}</>;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** Turns the output of the highlighter, which is nested spans of a class, into elements. */
function toElements(html: string): ComponentChildren[] {
  const root: ComponentChildren[] = [];
  const open: { readonly name: string; readonly children: ComponentChildren[] }[] = [];
  for (const part of html.split(/(<span class="[^"]*">|<\/span>)/)) {
    const children = open.at(-1)?.children ?? root;
    if (part === '</span>') {
      const { name, children: inner } = open.pop()!;
      (open.at(-1)?.children ?? root).push(<span class={name}>{inner}</span>);
    } else if (part.startsWith('<span class="')) open.push({ name: part.slice(13, -2), children: [] });
    else if (part !== '')
      children.push(part.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity]!));
  }
  return root;
}
