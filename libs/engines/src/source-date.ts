/** Seconds since 1970; 1 January 1980, the earliest date that every archive format can hold. */
export const SOURCE_DATE_EPOCH = '315532800';
