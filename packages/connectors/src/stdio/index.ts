/**
 * Standard input and output: `yeoul/connectors/stdio`.
 */
export { StdinSource, type StdinSourceOptions } from './stdin-source.ts';
export { StdoutSink, type StdoutSinkOptions } from './stdout-sink.ts';
