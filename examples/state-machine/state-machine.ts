// Checks that events follow a protocol: one state machine per address in keyed state, an alert for every forbidden step.
//   yeoul run examples/state-machine [--error-rate 0.001] [--sleep 1] [--checkpoint-interval 2000]
import {
  type Collector,
  ParameterTool,
  type Program,
  RichFlatMapFunction,
  type RuntimeContext,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from 'yeoul';
import { type Alert, type Event, type MachineState, transition } from './events.ts';
import { EventsGenerator } from './events-generator.ts';

class StateMachineMapper extends RichFlatMapFunction<Event, Alert> {
  #current: ValueState<MachineState> | undefined;

  override open(context: RuntimeContext): void {
    this.#current = context.getState(new ValueStateDescriptor('state', Types.string as never));
  }

  override flatMap(event: Event, out: Collector<Alert>): void {
    const current = this.#current as ValueState<MachineState>;
    const state = current.value() ?? 'Initial';
    const next = transition(state, event.type);
    if (next === 'InvalidTransition') {
      out.collect({ address: event.sourceAddress, state, transition: event.type });
      current.clear();
    } else if (next === 'Terminal') current.clear();
    else current.update(next);
  }
}

export const StateMachineExample: Program = async (env, args) => {
  const parameters = ParameterTool.fromArgs(args);
  env.enableCheckpointing(parameters.getInt('checkpoint-interval', 2000));
  const events = env.addSource(
    new EventsGenerator(parameters.getDouble('error-rate', 0), parameters.getInt('sleep', 1)),
  );
  const alerts = events.keyBy((event) => event.sourceAddress).flatMap(new StateMachineMapper());
  alerts.print();
  await env.execute('State machine job');
};

export default StateMachineExample;
