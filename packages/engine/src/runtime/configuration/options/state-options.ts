// Where and how state is kept.

import { DEFAULT_DISK_CACHE_BYTES } from '../../../state/disk/cell-cache.ts';
import { DEFAULT_INLINE_THRESHOLD_BYTES } from '../../coordinator/local-cluster-options.ts';
import { booleanOption, choiceOption, directoryOption, integerOption, memoryOption } from '../config-option.ts';

export const stateOptions = {
  backend: choiceOption({
    key: 'state.backend.type',
    aliases: ['state.backend'],
    choices: {
      heap: 'heap',
      disk: 'disk',
      // Flink's names for the like.
      hashmap: 'heap',
      jobmanager: 'heap',
      filesystem: 'heap',
      rocksdb: 'disk',
      forst: 'disk',
    },
    default: 'heap',
    description: 'Where keyed state is kept, unless the program says it: in memory, or in an embedded store on disk.',
  }),
  checkpointsDirectory: directoryOption({
    key: 'execution.checkpointing.dir',
    aliases: ['state.checkpoints.dir'],
    defaultText: '`checkpoints` in the data directory',
    description: 'Where checkpoints are kept, a folder per job.',
  }),
  savepointsDirectory: directoryOption({
    key: 'execution.checkpointing.savepoint-dir',
    aliases: ['state.savepoints.dir'],
    defaultText: '`savepoints` in the data directory',
    description: 'Where savepoints go whose request names no directory.',
  }),
  retainedCheckpoints: integerOption({
    key: 'execution.checkpointing.num-retained',
    aliases: ['state.checkpoints.num-retained'],
    default: 1,
    minimum: 1,
    description: 'Completed checkpoints kept per job.',
  }),
  allowOlderCheckpoint: booleanOption({
    key: 'yeoul.recovery.allow-older-checkpoint',
    default: false,
    description:
      'Whether a job whose newest checkpoint is gone goes on from an older one that was kept, with a warning; else it is suspended (`CHECKPOINT_NEWEST_LOST`).',
  }),
  inlineThresholdBytes: memoryOption({
    key: 'execution.checkpointing.data-inline-threshold',
    aliases: ['state.storage.fs.memory-threshold', 'state.backend.fs.memory-threshold'],
    default: DEFAULT_INLINE_THRESHOLD_BYTES,
    maximum: 2 ** 20,
    description: 'State files at most this large stand in `_metadata` instead of a file of their own.',
  }),
  diskCacheBytes: memoryOption({
    key: 'yeoul.state.disk.cache-size',
    default: DEFAULT_DISK_CACHE_BYTES,
    minimum: 2 ** 20,
    description: 'Cache of the disk backend per operator and subtask; the least used cells go to disk.',
  }),
} as const;
