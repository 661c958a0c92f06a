/** Bytes that an app-server takes, or at most may take. */
export interface AppServerSize {
  readonly memoryBytes: number;
  /** Size of its log database. */
  readonly logBytes: number;
}
