/** Calls of internal tools. */
export type ToolObservation =
  /** A tool has failed for a reason that its caller does not see. */
  | {
      readonly type: 'tool-failed';
      readonly tool: string;
      /** Id of the call. */
      readonly request: string;
      readonly problem: string;
    }
  /** Belongs to a failure of a tool. */
  | {
      readonly type: 'tool-failure-traced';
      readonly tool: string;
      readonly request: string;
      /** Places in its code. */
      readonly stack: string;
    }
  /** A call of an internal tool is missing from the audit. */
  | { readonly type: 'tool-call-unwritten'; readonly tool: string; readonly problem: string };
