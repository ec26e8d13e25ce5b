/**
 * Union state in which a window operator keeps its watermark. Elements of finished subtasks may be missing: the least one counts at
 * a restore, and that of a finished subtask is the greatest there is. So it does not stand in the way of checkpoints in which only
 * some subtasks have finished, as other union state does.
 */
export const WINDOW_PROGRESS_STATE = 'window-progress';
