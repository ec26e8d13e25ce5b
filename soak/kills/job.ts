// The job that is killed: counts the records of each key and writes every record with its count, exactly once.
import {
  type Collector,
  type KeyedProcessContext,
  KeyedProcessFunction,
  type Program,
  RestartStrategies,
  Types,
  ValueStateDescriptor,
  WatermarkStrategy,
} from 'yeoul';
import {
  BasePathBucketAssigner,
  DefaultRollingPolicy,
  FileSink,
  OnCheckpointRollingPolicy,
} from 'yeoul/connectors/files';
import { RunFiles } from './files.ts';
import { LimitedSource } from './limited-source.ts';
import type { CountedRecord, SourceRecord } from './record.ts';
import { Saboteur } from './saboteur.ts';
import type { KillScenario } from './scenario.ts';

const countDescriptor = new ValueStateDescriptor<number>('count', Types.long);

class CountPerKey extends KeyedProcessFunction<string, SourceRecord, CountedRecord> {
  processElement(record: SourceRecord, _context: KeyedProcessContext<string>, out: Collector<CountedRecord>): void {
    const state = this.getRuntimeContext().getState(countDescriptor);
    const count = (state.value() ?? 0) + 1;
    state.update(count);
    out.collect({ ...record, count });
  }
}

/** Arguments: directory of the run, scenario as JSON. */
const killedJob: Program = async (env, [directory = '', json = '{}']) => {
  const scenario = JSON.parse(json) as KillScenario;
  const files = new RunFiles(directory);
  env.setParallelism(scenario.parallelism).setStateBackend(scenario.stateBackend);
  env.enableCheckpointing(scenario.checkpointMs);
  env.getCheckpointConfig().setTolerableCheckpointFailureNumber(1_000_000);
  env.setRestartStrategy(RestartStrategies.fixedDelayRestart(1_000_000, 10));
  const counted = env
    .fromSource(
      new LimitedSource(files, scenario.partitions, scenario.keys),
      WatermarkStrategy.noWatermarks<SourceRecord>(),
      'records',
    )
    .map(new Saboteur<SourceRecord>(files, scenario.seed, scenario.recordsPerFault))
    .keyBy((record) => record.key)
    .process(new CountPerKey())
    .map(new Saboteur<CountedRecord>(files, scenario.seed + 1, scenario.recordsPerFault * 2));
  // Half of the output in a part per checkpoint, half in parts that live over several checkpoints.
  const lasting = DefaultRollingPolicy.builder().withMaxPartSize(20_000).withRolloverInterval(700).build();
  for (const [name, policy, parity] of [
    ['brief', OnCheckpointRollingPolicy, 0],
    ['lasting', lasting, 1],
  ] as const) {
    const sink = FileSink.forRowFormat<CountedRecord>(
      `${files.output}/${name}`,
      (record) => `${JSON.stringify(record)}\n`,
    )
      .withBucketAssigner(new BasePathBucketAssigner())
      .withRollingPolicy(policy)
      .build();
    counted
      .filter(({ index }) => index % 2 === parity)
      .addSink(sink)
      .name(`files ${name}`);
  }
  await env.execute('killed job');
};

export default killedJob;
