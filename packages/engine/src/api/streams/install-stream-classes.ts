// Tells streams of each other; environment.ts imports this before any stream exists.
import { AllWindowedStream } from './all-windowed-stream.ts';
import { BroadcastConnectedStream, BroadcastStream } from './broadcast-streams.ts';
import { ConnectedStreams } from './connected-streams.ts';
import { IterativeStream } from './iterative-stream.ts';
import { CoGroupedStreams, JoinedStreams } from './joined-streams.ts';
import { KeyedStream } from './keyed-stream.ts';
import { installStreamClasses } from './stream-classes.ts';

installStreamClasses({
  keyed: (environment, transformation, key) => new KeyedStream(environment, transformation, key),
  connected: (first, second) => new ConnectedStreams(first, second),
  broadcast: (stream, states) => new BroadcastStream(stream, states),
  broadcastConnected: (stream, broadcast) => new BroadcastConnectedStream(stream, broadcast),
  iterative: (input, maxWaitMs) => new IterativeStream(input, maxWaitMs),
  joined: (first, second) => new JoinedStreams(first, second),
  coGrouped: (first, second) => new CoGroupedStreams(first, second),
  allWindowed: (stream, assigner) => new AllWindowedStream(stream, assigner),
});
