// What the environment and the streams offer once this connector is imported.
import { installConnectorHooks, Types } from '@yeoul/engine';
import { SocketSink } from './socket-sink.ts';
import { SocketTextSource } from './socket-text-source.ts';

installConnectorHooks({
  socketTextStream(env, hostname, port, options) {
    return env.addSource(new SocketTextSource(hostname, port, options), { name: 'Socket Stream', type: Types.string });
  },
  socketSink(hostname, port, serialize) {
    return new SocketSink(hostname, port, serialize);
  },
});
