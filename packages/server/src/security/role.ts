// Who may do what. A role may do all that the ones before it may.
import type { AnyEndpoint } from '@yeoul/contract';

export const Role = {
  /** Looks at pages. */
  Viewer: 'viewer',
  /** Runs, cancels, stops jobs and takes savepoints, of programs that are there. */
  Operator: 'operator',
  /** Brings and removes programs and savepoints, ends the cluster. */
  Admin: 'admin',
} as const;
export type Role = (typeof Role)[keyof typeof Role];

export const roles: readonly Role[] = [Role.Viewer, Role.Operator, Role.Admin];

/** By endpoint id, where the method does not say it: reading is for viewers, everything else for operators. */
const roleById: Readonly<Record<string, Role>> = {
  // Run code of the program, or act, though they are GET.
  planJar: Role.Operator,
  cancelJobByGet: Role.Operator,
  stopJobByGet: Role.Operator,
  // Nothing but another way to look.
  createEventTicket: Role.Viewer,
  uploadJar: Role.Admin,
  deleteJar: Role.Admin,
  disposeSavepoint: Role.Admin,
  shutDownCluster: Role.Admin,
};

export function roleFor({ id, method }: Pick<AnyEndpoint, 'id' | 'method'>): Role {
  return roleById[id] ?? (method === 'GET' ? Role.Viewer : Role.Operator);
}

export function mayAct(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}
