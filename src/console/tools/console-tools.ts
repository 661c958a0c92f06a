import type { AuditPage, CallFilter, ToolList } from '../contract/tools.ts';

/** Shows the internal tools and their audit. */
export interface ConsoleTools {
  list(): ToolList;
  /** Resolves to the calls that match, the latest first. */
  audit(filter: CallFilter): Promise<AuditPage>;
}
