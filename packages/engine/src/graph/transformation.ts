// The transformations a program builds, in creation order: what api/ records and graph/ translates. Pure data and functions.
import type { KeySelector } from '../api/functions.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { OperatorSpec } from './operator-spec.ts';

export const ChainingStrategy = { Always: 'ALWAYS', Head: 'HEAD', Never: 'NEVER' } as const;
export type ChainingStrategy = (typeof ChainingStrategy)[keyof typeof ChainingStrategy];

/** How records of an edge reach the subtasks of its target. */
export type Partitioner =
  | { readonly kind: 'forward' }
  | { readonly kind: 'rebalance' }
  | { readonly kind: 'shuffle' }
  | { readonly kind: 'rescale' }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'global' }
  | {
      readonly kind: 'hash';
      readonly keySelector: KeySelector<never, unknown>;
      readonly keyType?: TypeInformation | undefined;
    }
  | {
      readonly kind: 'custom';
      readonly partition: (key: never, numPartitions: number) => number;
      readonly keySelector: KeySelector<never, unknown>;
    };

export interface KeySpec {
  readonly selector: KeySelector<never, unknown>;
  readonly type?: TypeInformation | undefined;
}

interface TransformationBase {
  /** Creation order, from 1; sources are walked in this order for ids. */
  readonly id: number;
  name: string;
  /** Undefined: the general codec. */
  outputType?: TypeInformation | undefined;
  /** Undefined: the environment's default. */
  parallelism?: number | undefined;
  maxParallelism?: number | undefined;
  uid?: string | undefined;
  /** Operator id given by hand, 32 hex digits. */
  uidHash?: string | undefined;
  /** Undefined: inherited from the inputs when they agree, else "default". */
  slotSharingGroup?: string | undefined;
  bufferTimeoutMs?: number | undefined;
  /** "at main(word-count.ts:12)", for descriptions. */
  callSite?: string | undefined;
}

export interface OperatorTransformation extends TransformationBase {
  readonly kind: 'operator';
  readonly operator: OperatorSpec;
  /** One entry per input; a union of streams is one input with several transformations behind it. */
  readonly inputs: readonly Transformation[];
  /** Key of each input, where keyed; same length as inputs. */
  readonly keys: readonly (KeySpec | undefined)[];
  chaining: ChainingStrategy;
  /** True for sinks and sources whose parallelism is fixed at 1. */
  readonly fixedParallelism?: boolean;
  /** Begin or end of a loop: shown by its name alone. */
  readonly isIterationEnd?: true;
}

export interface PartitionTransformation extends TransformationBase {
  readonly kind: 'partition';
  readonly input: Transformation;
  readonly partitioner: Partitioner;
}

export interface UnionTransformation extends TransformationBase {
  readonly kind: 'union';
  readonly inputs: readonly Transformation[];
}

export interface SideOutputTransformation extends TransformationBase {
  readonly kind: 'sideOutput';
  readonly input: Transformation;
  readonly tag: string;
}

export type Transformation =
  | OperatorTransformation
  | PartitionTransformation
  | UnionTransformation
  | SideOutputTransformation;
