/** The environment whose services reach the public services of all others, where a cluster has rules for that at all. */
export const ADMIN_ENVIRONMENT = 'admin';
