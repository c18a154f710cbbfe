export { apiServerAddresses } from './addresses';
export { claimsOf, type Claim, type Claims } from './claims';
export * from './difference';
export * from './observed';
export * from './route';
export * from './served';
export { routeTable, type RouteTableOptions } from './route-table';
