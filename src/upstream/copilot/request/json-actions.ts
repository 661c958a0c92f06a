import type { ContainerStack } from './container-stack.ts';
import { ACTION, STATE } from './json-grammar.ts';

/** Does what belongs to a byte; returns the next state, which most actions leave as it is. */
export type Act = (action: number, at: number, next: number) => number;

/** Creates the actions of one scan, which keep the containers up to date. */
export function createActions(containers: ContainerStack): Act {
  /** The string that was begun last. */
  let start = 0;
  let isKey = false;
  let isEscaped = false;

  function beginString(at: number, isKeyOfObject: boolean): void {
    start = at;
    isKey = isKeyOfObject;
    isEscaped = false;
  }

  function endString(end: number): number {
    const quoted = containers.isHeard() ? { start, end, isEscaped } : undefined;
    if (isKey) containers.beginEntry(start, quoted);
    else containers.endEntry(end, quoted);
    return isKey ? STATE.colon : STATE.after;
  }

  return (action, at, next) => {
    switch (action) {
      case ACTION.escape:
        isEscaped = true;
        return next;
      case ACTION.beginKey:
        beginString(at, true);
        return next;
      case ACTION.endString:
        return endString(at + 1);
      case ACTION.comma:
        if (containers.depth() === 0) return STATE.invalid;
        return containers.isObject() ? STATE.key : STATE.value;
      case ACTION.closeObject:
      case ACTION.closeArray:
        return close(containers, at, action === ACTION.closeObject);
      case ACTION.endLiteral:
        containers.endEntry(at + 1, undefined);
        return next;
      case ACTION.endNumber:
        containers.endEntry(at, undefined);
        return next;
      default:
        if (!containers.isObject()) containers.beginEntry(at, undefined);
        if (action === ACTION.beginString) beginString(at, false);
        else if (action !== ACTION.beginScalar) containers.open(action === ACTION.openObject);
        return next;
    }
  };
}

function close(containers: ContainerStack, at: number, isObject: boolean): number {
  if (containers.depth() === 0 || containers.isObject() !== isObject) return STATE.invalid;
  containers.close();
  containers.endEntry(at + 1, undefined);
  return STATE.after;
}
