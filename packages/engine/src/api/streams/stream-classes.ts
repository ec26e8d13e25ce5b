// Lets streams make streams of other classes without their modules importing each other in a circle. environment.ts
// installs the classes before any stream exists.

import type { KeySpec, Transformation } from '../../graph/transformation.ts';
import type { StreamExecutionEnvironment } from '../environment.ts';
import type { MapStateDescriptor } from '../state.ts';
import type { Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';
import type { AllWindowedStream } from './all-windowed-stream.ts';
import type { BroadcastConnectedStream, BroadcastStream } from './broadcast-streams.ts';
import type { ConnectedStreams } from './connected-streams.ts';
import type { DataStream } from './data-stream.ts';
import type { IterativeStream } from './iterative-stream.ts';
import type { CoGroupedStreams, JoinedStreams } from './joined-streams.ts';
import type { KeyedStream } from './keyed-stream.ts';

export interface StreamClasses {
  keyed<T, K>(environment: StreamExecutionEnvironment, transformation: Transformation, key: KeySpec): KeyedStream<T, K>;
  connected<A, B>(first: DataStream<A>, second: DataStream<B>): ConnectedStreams<A, B>;
  broadcast<T>(stream: DataStream<T>, states: readonly MapStateDescriptor<unknown, unknown>[]): BroadcastStream<T>;
  broadcastConnected<A, B>(stream: DataStream<A>, broadcast: BroadcastStream<B>): BroadcastConnectedStream<A, B>;
  iterative<T>(input: DataStream<T>, maxWaitMs: number): IterativeStream<T>;
  joined<A, B>(first: DataStream<A>, second: DataStream<B>): JoinedStreams<A, B>;
  coGrouped<A, B>(first: DataStream<A>, second: DataStream<B>): CoGroupedStreams<A, B>;
  allWindowed<T, W extends Window>(stream: DataStream<T>, assigner: WindowAssigner<T, W>): AllWindowedStream<T, W>;
}

let installed: StreamClasses | undefined;

export function installStreamClasses(classes: StreamClasses): void {
  installed = classes;
}

export function streamClasses(): StreamClasses {
  return installed as StreamClasses;
}
