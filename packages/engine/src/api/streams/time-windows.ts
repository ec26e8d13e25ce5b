import type { StreamExecutionEnvironment } from '../environment.ts';
import type { TimeLike } from '../time.ts';
import { SlidingEventTimeWindows, SlidingProcessingTimeWindows } from '../windows/sliding-windows.ts';
import { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from '../windows/tumbling-windows.ts';
import type { TimeWindow } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';

/** What timeWindow(size[, slide]) stands for: windows of event or processing time by the environment's characteristic. */
export function timeWindowAssigner(
  environment: StreamExecutionEnvironment,
  size: TimeLike,
  slide: TimeLike | undefined,
): WindowAssigner<unknown, TimeWindow> {
  const eventTime = environment.getStreamTimeCharacteristic() !== 'ProcessingTime';
  if (slide === undefined) return (eventTime ? TumblingEventTimeWindows : TumblingProcessingTimeWindows).of(size);
  return (eventTime ? SlidingEventTimeWindows : SlidingProcessingTimeWindows).of(size, slide);
}
