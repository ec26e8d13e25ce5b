// Brings a part of the restored state to its end (F5). Every step may have been done before, by an attempt that then failed.
import { join } from 'node:path';
import { appError } from '@yeoul/engine';
import type { UnfinishedPart } from './part-state.ts';
import type { SinkFileSystem } from './sink-file-system.ts';

export interface PartFacts {
  /** Undefined: there is no such file. */
  readonly inProgressBytes: number | undefined;
  readonly finishedBytes: number | undefined;
}

export type Recovery =
  | { readonly kind: 'finish'; readonly truncate: boolean }
  | { readonly kind: 'remove' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'short'; readonly sizeBytes: number }
  | { readonly kind: 'conflict'; readonly why: string };

/** Pure. A finished file that is longer than an open part was finished later: an older state is being restored, and finished files stay as they are. */
export function decideRecovery(part: UnfinishedPart, { inProgressBytes, finishedBytes }: PartFacts): Recovery {
  if (inProgressBytes === undefined) return decideWithoutInProgress(part, finishedBytes);
  if (inProgressBytes < part.sizeBytes) return { kind: 'short', sizeBytes: inProgressBytes };
  if (part.sizeBytes === 0) return { kind: 'remove' };
  if (finishedBytes !== undefined) return { kind: 'conflict', why: `${part.finishedName} exists already` };
  return { kind: 'finish', truncate: inProgressBytes > part.sizeBytes };
}

function decideWithoutInProgress(part: UnfinishedPart, finishedBytes: number | undefined): Recovery {
  if (part.sizeBytes === 0) return { kind: 'nothing' };
  if (finishedBytes === undefined) return { kind: 'missing' };
  if (finishedBytes < part.sizeBytes) return { kind: 'short', sizeBytes: finishedBytes };
  if (part.isEnded && finishedBytes > part.sizeBytes) {
    return { kind: 'conflict', why: `${part.finishedName} has ${finishedBytes} bytes, not ${part.sizeBytes}` };
  }
  return { kind: 'nothing' };
}

/** @throws PART_FILE_MISSING, PART_FILE_SHORT, PART_FILE_CONFLICT */
export function recoverPart(files: SinkFileSystem, part: UnfinishedPart): void {
  const inProgress = join(part.directory, part.inProgressName);
  const finished = join(part.directory, part.finishedName);
  const facts = { inProgressBytes: files.sizeOf(inProgress), finishedBytes: files.sizeOf(finished) };
  const recovery = decideRecovery(part, facts);
  switch (recovery.kind) {
    case 'finish':
      if (recovery.truncate) files.truncate(inProgress, part.sizeBytes);
      files.rename(inProgress, finished);
      return;
    case 'remove':
      files.remove(inProgress);
      return;
    case 'nothing':
      return;
    case 'missing':
      throw appError('PART_FILE_MISSING', [inProgress, finished]);
    case 'short':
      throw appError('PART_FILE_SHORT', [inProgress, recovery.sizeBytes, part.sizeBytes]);
    case 'conflict':
      throw appError('PART_FILE_CONFLICT', [inProgress, recovery.why]);
  }
}
