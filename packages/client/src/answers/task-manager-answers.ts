// Task managers: 2.x counts memory segments under the names of the Netty shuffle only.
import { isObject, type Json } from './json.ts';

export function fromLaterTaskManager(page: Json): Json {
  const { metrics } = page;
  if (!isObject(metrics) || 'memorySegmentsTotal' in metrics) return page;
  const { nettyShuffleMemorySegmentsAvailable, nettyShuffleMemorySegmentsTotal } = metrics;
  const filled = {
    memorySegmentsAvailable: nettyShuffleMemorySegmentsAvailable,
    memorySegmentsTotal: nettyShuffleMemorySegmentsTotal,
  };
  return { ...page, metrics: { ...metrics, ...filled } };
}
