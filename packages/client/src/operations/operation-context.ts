// What operations and waiters work with.
import type { Connection } from '../http/connection.ts';
import type { VersionSource } from '../version-source.ts';

export interface OperationContext {
  readonly connection: Connection;
  readonly versions: VersionSource;
}
