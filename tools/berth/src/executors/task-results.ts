/** What a batch executor gives Nx, by the id of each task. The batch prints its account itself, so a task has no output. */
export type TaskResults = Record<string, { success: boolean; terminalOutput: string }>;
