import { parseSync } from 'oxc-parser';

/** A piece of English in a source file. */
export interface Prose {
  readonly kind: 'doc' | 'comment' | 'text';
  /** The text without comment marks, on one line. */
  readonly text: string;
  /** The name of the function that a doc comment describes. */
  readonly functionName?: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Returns the comments of a TypeScript file, and its string literals that have more than one word. */
export function readProse(name: string, source: string): Prose[] {
  const { program, comments } = parseSync(name, source);
  const functions = new Map<number, string>();
  const prose: Prose[] = [];
  visit(program as unknown as Node, (node) => {
    for (const [start, functionName] of functionsAt(node)) functions.set(start, functionName);
    const text = textOf(node);
    if (text !== undefined && /\S\s+\S/.test(text)) prose.push({ kind: 'text', text: oneLine(text) });
  });
  for (const { type, value, end } of comments) {
    const isDoc = type === 'Block' && value.startsWith('*');
    const next = end + (/\S/.exec(source.slice(end))?.index ?? 0);
    const functionName = isDoc ? functions.get(next) : undefined;
    prose.push({
      kind: isDoc ? 'doc' : 'comment',
      text: oneLine(value.replaceAll(/^\s*\*+/gm, '')),
      ...(functionName !== undefined && { functionName }),
    });
  }
  return prose;
}

function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, look);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Returns the functions that a node declares, each with the offset at which the declaration starts. */
function functionsAt(node: Node): [number, string][] {
  if (node.type === 'ExportNamedDeclaration' && isNode(node.declaration)) {
    return functionsAt(node.declaration).map(([, name]) => [node.start, name]);
  }
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') {
    return [[node.start, nameOf(node.id)]];
  }
  if (node.type === 'VariableDeclaration') {
    const [first] = node.declarations as Node[];
    const isFunction = isNode(first?.init) && /Function/.test(first.init.type);
    return isFunction ? [[node.start, nameOf(first.id)]] : [];
  }
  return [];
}

function nameOf(id: unknown): string {
  return isNode(id) && typeof id.name === 'string' ? id.name : '';
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral') return undefined;
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
