import { parseSync } from 'oxc-parser';

/** One import of a module, in whatever form. */
export interface SourceImport {
  /** Undefined where it is computed. */
  readonly specifier: string | undefined;
  /** True if nothing of it remains at run time. */
  readonly typeOnly: boolean;
}

export interface Source {
  readonly imports: readonly SourceImport[];
  /** Uses of undeclared names: `process.pid`, `console`, `require`. */
  readonly globals: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Names that lead out of the language, to the process, the console or another way of loading code. */
const WATCHED = new Set(['process', 'console', 'require', 'globalThis', 'global', 'eval', 'Function']);

/** Returns the imports and watched globals of a TypeScript file, read from its syntax tree. */
export function readSource(name: string, text: string): Source {
  const { program, errors } = parseSync(name, text);
  if (errors.length > 0) throw new Error(`${name} cannot be parsed`);
  const imports: SourceImport[] = [];
  const globals: string[] = [];
  visit(program as unknown as Node, undefined, (node, parent) => {
    const found = importOf(node);
    if (found) imports.push(found);
    const used = globalOf(node, parent);
    if (used !== undefined) globals.push(used);
  });
  return { imports, globals };
}

function visit(
  node: Node,
  parent: Node | undefined,
  look: (node: Node, parent: Node | undefined) => void,
): void {
  look(node, parent);
  for (const child of Object.values(node).flat()) {
    if (isNode(child)) visit(child, node, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function importOf(node: Node): SourceImport | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: textOf(node.source), typeOnly: node.importKind === 'type' };
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source
        ? { specifier: textOf(node.source), typeOnly: node.exportKind === 'type' }
        : undefined;
    case 'ImportExpression':
      return { specifier: textOf(node.source), typeOnly: false };
    case 'TSImportType':
      return { specifier: textOf(node.source), typeOnly: true };
    case 'TSImportEqualsDeclaration':
      return { specifier: undefined, typeOnly: false };
    default:
      return undefined;
  }
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function globalOf(node: Node, parent: Node | undefined): string | undefined {
  if (node.type !== 'Identifier' || !WATCHED.has(node.name as string)) return undefined;
  if (parent?.type === 'MemberExpression' && parent.object === node && isNode(parent.property)) {
    return parent.computed
      ? `${node.name as string}[]`
      : `${node.name as string}.${parent.property.name as string}`;
  }
  // A key or a member of that name does not use the global.
  const isKey =
    parent !== undefined && (parent.key === node || parent.property === node) && !parent.shorthand;
  return isKey && !parent.computed ? undefined : (node.name as string);
}
