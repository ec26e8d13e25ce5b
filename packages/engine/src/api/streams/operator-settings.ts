// The settings that operators and sinks share.
import { appError } from '../../errors.ts';
import { checkParallelism } from '../../graph/max-parallelism.ts';
import { ChainingStrategy, type OperatorTransformation } from '../../graph/transformation.ts';

export function setParallelism(operator: OperatorTransformation, parallelism: number): void {
  const where = `parallelism of "${operator.name}"`;
  if (operator.fixedParallelism && parallelism !== 1) {
    throw appError('INVALID_SETTING', [where, parallelism, '1: it cannot run in parallel']);
  }
  operator.parallelism = checkParallelism(parallelism, where, operator.maxParallelism);
}

export function setMaxParallelism(operator: OperatorTransformation, maxParallelism: number): void {
  operator.maxParallelism = checkParallelism(maxParallelism, `max parallelism of "${operator.name}"`);
}

export function setUid(operator: OperatorTransformation, uid: string): void {
  if (typeof uid !== 'string' || uid === '') {
    throw appError('INVALID_SETTING', [`uid of "${operator.name}"`, JSON.stringify(uid), 'a text that is not empty']);
  }
  operator.uid = uid;
}

export function setUidHash(operator: OperatorTransformation, uidHash: string): void {
  if (!/^[0-9a-fA-F]{32}$/.test(uidHash)) throw appError('INVALID_UID_HASH', [uidHash, operator.name]);
  operator.uidHash = uidHash.toLowerCase();
}

export function disableChaining(operator: OperatorTransformation): void {
  operator.chaining = ChainingStrategy.Never;
}

export function startNewChain(operator: OperatorTransformation): void {
  operator.chaining = ChainingStrategy.Head;
}
