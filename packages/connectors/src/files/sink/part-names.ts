// Names of part files. A finished part is PREFIX-SUBTASK-COUNTERSUFFIX; while it is unfinished it is hidden and carries its owner:
// .PREFIX-SUBTASK-COUNTERSUFFIX.inprogress.JOB.OPERATOR

export interface PartOwner {
  readonly jobId: string;
  readonly operatorId: string;
  readonly subtask: number;
  /** Default "part". */
  readonly prefix: string;
  /** Default "". */
  readonly suffix: string;
}

const IN_PROGRESS = '.inprogress.';

export function finishedName(owner: PartOwner, counter: number): string {
  return `${owner.prefix}-${owner.subtask}-${counter}${owner.suffix}`;
}

export function inProgressName(owner: PartOwner, counter: number): string {
  return `.${finishedName(owner, counter)}${IN_PROGRESS}${ownerTag(owner)}`;
}

/** Counter of a part with this owner's prefix and subtask, finished or not, whosoever; undefined: another file. */
export function counterOf(owner: PartOwner, name: string): number | undefined {
  const mark = name.indexOf(IN_PROGRESS);
  const finished = name.startsWith('.') && mark !== -1 ? name.slice(1, mark) : name;
  const start = `${owner.prefix}-${owner.subtask}-`;
  if (!finished.startsWith(start)) return undefined;
  const digits = /^\d+/.exec(finished.slice(start.length))?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** Unfinished, and made by this job, operator and subtask. */
export function isOwnInProgress(owner: PartOwner, name: string): boolean {
  const end = `${IN_PROGRESS}${ownerTag(owner)}`;
  return name.startsWith('.') && name.endsWith(end) && counterOf(owner, name) !== undefined;
}

function ownerTag({ jobId, operatorId }: PartOwner): string {
  return `${jobId}.${operatorId}`;
}
