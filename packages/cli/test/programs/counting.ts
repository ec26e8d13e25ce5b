import {
  type Program,
  RichMapFunction,
  type RuntimeContext,
  Types,
  type ValueState,
  ValueStateDescriptor,
} from 'yeoul';

class Counter extends RichMapFunction<string, string> {
  #count: ValueState<number> | undefined;

  override open(context: RuntimeContext): void {
    this.#count = context.getState(new ValueStateDescriptor('count', Types.int));
  }

  override map(word: string): string {
    const count = (this.#count?.value() ?? 0) + 1;
    this.#count?.update(count);
    return `${word} ${count}`;
  }
}

/** Endless; counts three words in keyed state, so that a savepoint of it has something to show. */
const counting: Program = async (env, args) => {
  env.enableCheckpointing(100);
  env
    .addSource<string>(async function* (context) {
      const words = ['one', 'two', 'three'];
      for (let i = 0; context.isRunning(); i++) {
        context.collect(words[i % words.length] as string);
        yield;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })
    .uid('words')
    .keyBy((word) => word, Types.string)
    .map(new Counter())
    .uid('counter')
    .print();
  await env.execute(args[0] ?? 'Counting');
};

export default counting;
