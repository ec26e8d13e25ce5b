// A stream with a loop: iterate() begins it, closeWith() leads records back to its begin.
import { appError } from '../../errors.ts';
import type { OperatorSpec } from '../../graph/operator-spec.ts';
import { ChainingStrategy, type OperatorTransformation } from '../../graph/transformation.ts';
import { bindFunction } from '../function-binding.ts';
import { DataStream } from './data-stream.ts';
import { Feedback, FeedbackSink, FeedbackSource } from './feedback.ts';

// Begin and end have to run in one slot.
const SLOT_SHARING_GROUP = 'default';

/**
 * The records of a stream, and those that come back. Without checkpoints only: what is on its way back stands in none.
 * @see Apache Flink 1.20, IterativeStream (deprecated there, and gone in 2.0)
 */
export class IterativeStream<T> extends DataStream<T> {
  readonly #feedback: Feedback<T>;

  /** @param maxWaitMs the loop ends when nothing came back for so long; 0: never */
  constructor(input: DataStream<T>, maxWaitMs: number) {
    const feedback = new Feedback<T>();
    const begin = addBegin(input, new FeedbackSource(feedback, maxWaitMs));
    const { builder } = input.getExecutionEnvironment();
    super(input.getExecutionEnvironment(), builder.addUnion([input.getTransformation(), begin], input.getType()));
    begin.name = `IterationSource-${this.getId()}`;
    builder.openIteration(this.getId());
    this.#feedback = feedback;
  }

  /** What `feedback` holds goes through the loop again. @returns the given stream */
  closeWith<F extends DataStream<T>>(feedback: F): F {
    if (feedback.getParallelism() !== this.getParallelism()) {
      throw appError('FEEDBACK_PARALLELISM', [feedback.getParallelism(), this.getParallelism()]);
    }
    const { builder } = this.getExecutionEnvironment();
    const end = feedback.addOneInput(
      `IterationSink-${this.getId()}`,
      {
        kind: 'sink',
        ...bindFunction(new FeedbackSink(this.#feedback), 'invoke', 'closeWith', 'by promise, too'),
      } as OperatorSpec,
      { parallelism: this.getParallelism(), isIterationEnd: true, chaining: ChainingStrategy.Never },
    );
    end.slotSharingGroup = SLOT_SHARING_GROUP;
    builder.closeIteration(this.getId());
    return feedback;
  }
}

function addBegin<T>(input: DataStream<T>, source: FeedbackSource<T>): OperatorTransformation {
  const begin = input.getExecutionEnvironment().builder.addOperator({
    name: 'IterationSource',
    operator: { kind: 'splitSource', source, watermarks: undefined } as unknown as OperatorSpec,
    inputs: [],
    outputType: input.getType() as never,
    parallelism: input.getParallelism(),
    chaining: ChainingStrategy.Head,
    isIterationEnd: true,
  });
  begin.slotSharingGroup = SLOT_SHARING_GROUP;
  return begin;
}
