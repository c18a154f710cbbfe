/* Only tests use this. */
import { ModelError, type Problem } from '@berth/model';

/** By what models are refused; none when they are taken. */
export function problemsOf(render: () => unknown): readonly Problem[] {
  try {
    render();
  } catch (error) {
    if (error instanceof ModelError) return error.problems;
    throw error;
  }
  return [];
}
