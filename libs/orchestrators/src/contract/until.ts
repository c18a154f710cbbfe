import { until as untilHolds } from '@berth/exec/src/testing-until';

/** Waits until it holds. @throws Error after a minute */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  await untilHolds(condition, Boolean, 60_000, 200);
}
