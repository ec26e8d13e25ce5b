// Asks its own running job through its client. Arguments: a folder for the savepoint.
import { dirname } from 'node:path';
import { DiscardingSink, LongCounter, type Program, RichMapFunction, type RuntimeContext } from 'yeoul';

class CountAll extends RichMapFunction<number, number> {
  readonly #all = new LongCounter();

  override open(context: RuntimeContext): void {
    context.addAccumulator('all', this.#all);
  }

  override map(value: number): number {
    this.#all.add(1);
    return value;
  }
}

const program: Program = async (env, [directory = '']) => {
  env.fromSequence(1, Number.MAX_SAFE_INTEGER).map(new CountAll()).addSink(new DiscardingSink());
  const client = await env.executeAsync('endless');
  const count = async () => Number((await client.getAccumulators())['all'] ?? 0);
  while ((await count()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const stopped = await client.stopWithSavepoint(false, directory);
  const refusal = await client.triggerSavepoint().catch((error: { code?: string }) => error.code);
  console.log(JSON.stringify([dirname(stopped), await client.getJobStatus(), refusal, (await count()) > 0]));
};

export default program;
