/** On everything that Berth makes in a cloud: what has it may be changed and deleted. */
export const MANAGED_BY = 'managed-by';
export const BERTH = 'berth';
/** The name of the cluster that something was made for. */
export const CLUSTER = 'berth-cluster';
