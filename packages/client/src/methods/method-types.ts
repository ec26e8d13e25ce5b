// Types of the client's methods, derived from the endpoints.
import type { AnyEndpoint, Endpoint, QueryOf, ResponseOf, WireExecutionState, WireJobStatus } from '@yeoul/contract';
import type { Static } from 'typebox';
import type { RequestOptions } from '../http/connection.ts';

/** What path parameters are called as arguments. */
interface LabelledArgument {
  readonly jobid: [jobId: string];
  readonly vertexid: [vertexId: string];
  readonly subtaskindex: [subtaskIndex: number];
  readonly attempt: [attempt: number];
  readonly checkpointid: [checkpointId: number];
  readonly triggerid: [triggerId: string];
  readonly taskmanagerid: [taskManagerId: string];
  readonly jarid: [jarId: string];
  readonly filename: [fileName: string];
  readonly applicationid: [applicationId: string];
}

/** Arguments for the ":name" parts of a path, in their order. */
export type PathArguments<Template extends string> = Template extends `${string}:${infer Name}/${infer Rest}`
  ? [...Labelled<Name>, ...PathArguments<Rest>]
  : Template extends `${string}:${infer Name}`
    ? Labelled<Name>
    : [];

type Labelled<Name extends string> = Name extends keyof LabelledArgument ? LabelledArgument[Name] : [value: string];

/** Query parameters, all optional. */
export type QueryInput<E extends AnyEndpoint> = { readonly [N in keyof QueryOf<E>]?: QueryOf<E>[N] | undefined };

export type BodyInput<E extends AnyEndpoint> =
  E extends Endpoint<any, any, infer S, any, any> ? ([S] extends [never] ? unknown : Static<S>) : unknown;

/** Query parameters, and the fields of the body, by their names on the wire. */
export type MethodOptions<E extends AnyEndpoint> = QueryInput<E> & BodyInput<E> & RequestOptions;

/**
 * An answer as the client gives it: that of the contract, whose states may be those of later versions.
 * INITIALIZING came with Flink 1.12 (jobs) and 1.14 (tasks).
 */
export type Answer<T> =
  Equal<T, WireExecutionState> extends true
    ? T | 'INITIALIZING'
    : Equal<T, WireJobStatus> extends true
      ? T | 'INITIALIZING'
      : T extends readonly (infer Item)[]
        ? Answer<Item>[]
        : T extends object
          ? AnswerObject<T>
          : T;

type AnswerObject<T extends object> =
  Equal<keyof T, WireExecutionState> extends true
    ? T & { INITIALIZING?: number }
    : Equal<keyof T, WireJobStatus> extends true
      ? T & { INITIALIZING?: number }
      : { [K in keyof T]: Answer<T[K]> };

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

export type AnswerOf<E extends AnyEndpoint> = Answer<ResponseOf<E>>;

export type Method<E extends AnyEndpoint> = (
  ...args: [...PathArguments<E['path']>, options?: MethodOptions<E>]
) => Promise<AnswerOf<E>>;

/** A table of endpoints by method name, as methods. */
export type MethodGroup<Table extends Readonly<Record<string, AnyEndpoint>>> = {
  readonly [Name in keyof Table]: Method<Table[Name]>;
};
